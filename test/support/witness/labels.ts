import {readFileSync} from 'node:fs'
import {gunzipSync} from 'node:zlib'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {npzArrays} from '../npz-arrays.js'
import type {Feeds} from '../pass-trial.js'
import {IMAGE_DATA} from '../pipeline-options.js'
import {against, largestOf, outputsOf, shareEqual, type Witness} from './witness.js'

const IMAGE = 28
const IDX_HEADER = 16
const [MEAN, STD] = [0.286, 0.353]
const SPAM = {learned: 'fixtures/spam/spam_train.npz', judged: 'fixtures/spam/spam_test.npz'}

/** A classifier of the fixtures' images: labels of the 1,000 test images. */
export function imageClassifier(name: string): Witness {
  const path = `fixtures/models/${name}.onnx`
  return {
    path,
    task: 'labels',
    data: ['--data', IMAGE_DATA.data, '--mean', String(MEAN), '--std', String(STD)],
    prepare: against(path, (file) => labelsOf(file, [testImages()], 10), shareEqual),
  }
}

/** A classifier of the fixtures' e-mails: labels of the test set. */
export function textClassifier(name: string, inputs: readonly string[]): Witness {
  const path = `fixtures/models/${name}.onnx`
  return {
    path,
    task: 'labels',
    data: ['--data', SPAM.learned],
    // one at a time: what is quantized at run time depends on the batch
    prepare: against(path, async (file) => labelsOf(file, await tokenRows(SPAM.judged, inputs), 2), shareEqual),
  }
}

/** A language model: the next word after each of many. */
export function languageModel(path: string, files: {learned: string; judged: string; count: number}): Witness {
  return {
    path,
    task: 'next words',
    data: ['--data', files.learned, '--limit', '100'],
    prepare: against(
      path,
      async (file) => labelsOf(file, (await tokenRows(files.judged, ['input_ids'])).slice(0, files.count), 3000),
      shareEqual,
    ),
  }
}

async function labelsOf(path: string, samples: readonly Feeds[], classes: number): Promise<number[]> {
  const outputs = await outputsOf(path, samples)
  return outputs.flatMap((all) => largestOf(all.logits?.data as Float32Array, classes))
}

function testImages(): Feeds {
  const bytes = gunzipSync(readFileSync(IMAGE_DATA.eval)).subarray(IDX_HEADER)
  const pixels = Float32Array.from(bytes, (byte) => (byte / 255 - MEAN) / STD)
  return {input: new OrtTensor('float32', pixels, [pixels.length / (IMAGE * IMAGE), 1, IMAGE, IMAGE])}
}

async function tokenRows(file: string, names: readonly string[]): Promise<Feeds[]> {
  const arrays = await npzArrays(file)
  const [count = 0, length = 0] = arrays.get('input_ids')?.shape ?? []
  return Array.from({length: count}, (_, row) => {
    const inputs = names.map((name) => {
      const values = Array.from(arrays.get(name)?.data.slice(row * length, (row + 1) * length) ?? [], BigInt)
      return [name, new OrtTensor('int64', BigInt64Array.from(values), [1, length])] as const
    })
    return Object.fromEntries(inputs)
  })
}
