import {join} from 'node:path'
import {expect} from 'chai'
import {InferenceSession, Tensor} from 'onnxruntime-node'
import {DataError, UnsupportedError, UsageError} from '../../src/errors.js'
import {encodeModel} from '../../src/io/encode-model.js'
import {distill} from '../../src/pipelines/train/distill.js'
import {finetune} from '../../src/pipelines/train/finetune.js'
import {type Decoder, decoderWriter} from '../support/built-nets.js'
import {DataFolder} from '../support/data-folder.js'
import {npyOf} from '../support/npy-writer.js'
import {modelOf} from '../support/pass-trial.js'
import {SILENT} from '../support/pipeline-options.js'
import {distillOptions, finetuneOptions} from '../support/training-trial.js'

const [SAMPLES, TOKENS, VOCABULARY] = [64, 8, 32]
const IGNORED = -100

describe('a decoder with scores at every token', () => {
  const folder = new DataFolder()
  after(() => folder.remove())
  const decoder = (name: string, changes: Partial<Decoder>): string => {
    const net = {vocabulary: VOCABULARY, width: 16, heads: 2, layers: 1, positions: TOKENS, ...changes}
    return folder.write(name, encodeModel(modelOf(decoderWriter(net))))
  }
  const teacher = decoder('teacher.onnx', {seed: 500})
  const student = decoder('student.onnx', {seed: 900})
  const text = tokens(1)
  const [data, judged] = [write('train.npz', text), write('test.npz', tokens(2))]
  const shared = {epochs: 6, batch: 16, learningRate: 0.01} as const

  /** Rows that count up by three: what comes next can be learned. @param change of the labels. */
  function write(name: string, ids: readonly number[], label?: readonly number[]): string {
    const labels = label && {labels: npyOf(BigInt64Array.from(label, BigInt), [SAMPLES, TOKENS])}
    return folder.npz(name, {input_ids: npyOf(BigInt64Array.from(ids, BigInt), [SAMPLES, TOKENS]), ...labels})
  }

  it('learns from a teacher at every token: divergence falls, agreement rises', async () => {
    const output = join(folder.path, 'taught.onnx')
    const options = distillOptions({...shared, student, output, data, eval: judged, temperature: 2})
    const result = await distill(teacher, options, SILENT)
    expect(result.losses).to.deep.equal(["distillation of 'logits', temperature 2"])
    expect(result.metric.name).to.equal('agreement')
    const wanted = await scoresOf(teacher, tokens(2))
    const [before, after] = [await scoresOf(student, tokens(2)), await scoresOf(output, tokens(2))]
    expect(divergence(wanted, after)).to.be.below(0.7 * divergence(wanted, before))
    expect(agreement(wanted, after)).to.be.above(agreement(wanted, before) + 0.1)
    expect(result.metric.after).to.be.closeTo(agreement(wanted, after), 1e-9)
  })

  it('learns labels per token, those of -100 left out, and is judged by them', async () => {
    const [train, test] = [write('labelled.npz', text, next(text)), write('judged.npz', tokens(2), next(tokens(2)))]
    const output = join(folder.path, 'learned.onnx')
    const result = await finetune(student, finetuneOptions({...shared, output, data: train, eval: test}), SILENT)
    expect(result.losses).to.deep.equal(["cross-entropy of 'logits'"])
    expect(result.metric).to.include({name: 'top1'})
    const labels = next(tokens(2))
    const [before, after] = [await scoresOf(student, tokens(2)), await scoresOf(output, tokens(2))]
    expect(result.metric.before).to.be.closeTo(accuracy(before, labels), 1e-9)
    expect(result.metric.after).to.be.closeTo(accuracy(after, labels), 1e-9)
    expect(result.metric.after).to.be.above(result.metric.before + 0.3)
  })

  it('learns both, and does not grow where the start is kept', async () => {
    const both = write('both.npz', text, next(text))
    const output = join(folder.path, 'both.onnx')
    const result = await finetune(
      student,
      finetuneOptions({...shared, epochs: 1, teacher, output, data: both, eval: both, alpha: 0.5}),
      SILENT,
    )
    expect(result.losses).to.deep.equal([
      "0.5 x cross-entropy of 'logits'",
      "0.5 x distillation of 'logits', temperature 4",
    ])
    expect(result.metric.teacher).to.be.within(0, 1)
  })

  it('refuses what does not fit, and says what does', async () => {
    const far = text.map((id, index) => (index === 20 ? VOCABULARY : id))
    const wide = next(text).map((label, index) => (index === 3 ? VOCABULARY : label))
    const one = folder.npz('one.npz', {
      input_ids: npyOf(BigInt64Array.from(text, BigInt), [SAMPLES, TOKENS]),
      label: npyOf(
        BigInt64Array.from({length: SAMPLES}, () => 1n),
        [SAMPLES],
      ),
    })
    const fine = write('fine.npz', text, next(text))
    for (const [changes, kind, message, hint] of [
      [{data}, UsageError, /neither labels nor a teacher/, /\[N, T\].*next tokens.*-100/],
      [{data: one}, UnsupportedError, /a row of class scores per sample/, /\[N, T\].*next tokens.*-100/],
      [{data: write('far.npz', far)}, DataError, /far.npz: array 'input_ids': expected ids 0 to 31, got 32/, /32 rows/],
      [
        {data: fine, eval: write('far-eval.npz', far)},
        DataError,
        /far-eval.npz: sample 2 of array 'input_ids'/,
        /32 rows/,
      ],
      [
        {data: write('wide.npz', text, wide)},
        DataError,
        /wide.npz: expected classes 0 to 31 as labels, got 32/,
        /-100/,
      ],
      [
        {data: fine, eval: write('wide-eval.npz', text, wide)},
        DataError,
        /wide-eval.npz: expected classes 0 to 31/,
        /-100/,
      ],
    ] as const) {
      const options = finetuneOptions({...shared, output: join(folder.path, 'never.onnx'), ...changes})
      const error = await finetune(student, options, SILENT).catch((caught: unknown) => caught)
      expect(error, `${error}`).to.be.instanceOf(kind)
      expect((error as DataError).message).to.match(message)
      expect((error as DataError).hint).to.match(hint)
    }
  })
})

/** Rows that count up, each from a place and by a step of its own. */
function tokens(seed: number): number[] {
  return Array.from({length: SAMPLES * TOKENS}, (_, index) => {
    const [row, place] = [Math.floor(index / TOKENS), index % TOKENS]
    return (row * (7 + 4 * seed) + seed + 3 * place) % VOCABULARY
  })
}

/** What comes after each token; nothing after the last one of a row. */
function next(ids: readonly number[]): number[] {
  return ids.map((_, index) => (index % TOKENS === TOKENS - 1 ? IGNORED : (ids[index + 1] as number)))
}

/** Rows of scores, one per token, by the runtime alone. */
async function scoresOf(path: string, ids: readonly number[]): Promise<Float32Array[]> {
  const session = await InferenceSession.create(path, {logSeverityLevel: 4, intraOpNumThreads: 1})
  const results = await session.run({
    input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [SAMPLES, TOKENS]),
  })
  const data = results.logits?.data as Float32Array
  await session.release()
  return ids.map((_, index) => data.slice(index * VOCABULARY, (index + 1) * VOCABULARY))
}

function best(row: Float32Array): number {
  return row.indexOf(Math.max(...row))
}

function agreement(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  return a.filter((row, index) => best(row) === best(b[index] as Float32Array)).length / a.length
}

function accuracy(rows: readonly Float32Array[], labels: readonly number[]): number {
  const counted = labels.flatMap((label, index) =>
    label === IGNORED ? [] : [best(rows[index] as Float32Array) === label],
  )
  return counted.filter(Boolean).length / counted.length
}

/** Mean over tokens of the divergence of the second's softmax from the first's. */
function divergence(wanted: readonly Float32Array[], given: readonly Float32Array[]): number {
  const logs = (row: Float32Array): number[] => {
    const sum = Math.log(row.reduce((total, z) => total + Math.exp(z), 0))
    return Array.from(row, (z) => z - sum)
  }
  const each = wanted.map((row, index) => {
    const [p, q] = [logs(row), logs(given[index] as Float32Array)]
    return p.reduce((total, log, c) => total + Math.exp(log) * (log - (q[c] as number)), 0)
  })
  return each.reduce((total, value) => total + value, 0) / each.length
}
