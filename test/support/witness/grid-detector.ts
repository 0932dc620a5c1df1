import {Tensor as OrtTensor} from 'onnxruntime-node'
import {npzArrays} from '../npz-arrays.js'
import type {Feeds} from '../pass-trial.js'
import {type Box, boxF1, suppressed} from './boxes.js'
import {VARIANTS, type Variant, writeVariant} from './grid-variants.js'
import {against, outputsOf, type Witness} from './witness.js'

const SIDE = 96
/** The form of which there is nothing but cells. */
const MASK = 'object mask'

export interface DetectorFiles {
  readonly model: string
  /** An .npz with `images` of uint8. */
  readonly learned: string
  readonly judged: string
  /** Pictures to judge on. */
  readonly count: number
}

/** The grid detector with its outputs in a form; its variant is written into the folder. */
export function gridDetector(form: string, files: DetectorFiles, folder: string): Witness {
  const {boxes} = VARIANTS[form] as Variant
  const path = writeVariant(files.model, form, folder)
  return {
    path,
    task: form === MASK ? 'IoU of cells' : 'F1 of boxes',
    data: ['--data', files.learned, '--limit', '100'],
    prepare: against(path, async (file) => found(file, await pictures(files), boxes), form === MASK ? cellIou : boxF1),
  }
}

/** Cells are boxes that cover each other wholly or not at all. */
function cellIou(float: readonly Box[][], changed: readonly Box[][]): number {
  const f1 = boxF1(float, changed)
  return f1 / (2 - f1)
}

async function found(path: string, samples: readonly Feeds[], boxes: Variant['boxes']): Promise<Box[][]> {
  return (await outputsOf(path, samples)).map((outputs) => suppressed(boxes(outputs), 0.5))
}

async function pictures({judged, count}: DetectorFiles): Promise<Feeds[]> {
  const pixels = (await npzArrays(judged)).get('images')?.data as Uint8Array
  return Array.from({length: count}, (_, i) => {
    const picture = Float32Array.from(pixels.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE))
    return {images: new OrtTensor('float32', picture, [1, 1, SIDE, SIDE])}
  })
}
