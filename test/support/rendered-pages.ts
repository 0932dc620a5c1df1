import {Tensor as OrtTensor} from 'onnxruntime-node'
import type {Feeds} from './pass-trial.js'
import {LINE, renderLines} from './rendered-lines.js'

const PAGE = {rows: 3, height: 160, width: 384}
const IMAGENET = {mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]}

/** Lines of text under each other, as ImageNet normalizes them; sides are multiples of 32. `x` is `[1, 3, 160, 384]`. */
export async function renderPages(count: number, seed: number): Promise<Feeds[]> {
  const {rows, height, width} = PAGE
  const lines = await renderLines(count * rows, seed)
  return Array.from({length: count}, (_, page) => {
    const pixels = new Float32Array(3 * height * width)
    for (let c = 0; c < 3; c++) {
      const normalized = (value: number) => {
        return (value * 0.5 + 0.5 - (IMAGENET.mean[c] as number)) / (IMAGENET.std[c] as number)
      }
      pixels.subarray(c * height * width, (c + 1) * height * width).fill(normalized(1))
      for (let y = 0; y < rows * LINE.height; y++) {
        const line = lines[page * rows + Math.floor(y / LINE.height)] as (typeof lines)[0]
        const at = (y % LINE.height) * LINE.width
        pixels.set(line.pixels.subarray(at, at + width).map(normalized), (c * height + y) * width)
      }
    }
    return {x: new OrtTensor('float32', pixels, [1, 3, height, width])}
  })
}
