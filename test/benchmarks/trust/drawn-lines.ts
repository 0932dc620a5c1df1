import {join} from 'node:path'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {uniformInt} from 'pure-rand/distribution/uniformInt'
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus'
import sharp from 'sharp'
import type {Feeds} from '../../support/pass-trial.js'
import {writeTestData} from '../../support/test-data-writer.js'
import {against, floats, type Outputs, outputsOf, type Witness} from '../../support/witness/witness.js'

/**
 * A detector of straight lines (M-LSD, npm package `jp.keijiro.mlsd`): a map of scores that is 0 but at its peaks, and the offsets of
 * both ends. The pictures are drawn rectangles.
 */

const SIDE = 320
const CELLS = 160
const THRESHOLD = 0.2
/** Both ends may be off by this together, in cells. */
const NEAR = 5

type Segment = readonly [number, number, number, number]

export async function lineDetector(model: string, scratch: string): Promise<Witness> {
  const judged = await drawings(16, 2)
  return {
    path: model,
    task: 'F1 of lines',
    data: ['--data', writeTestData(join(scratch, 'drawings'), await drawings(16, 1))],
    prepare: against(model, async (file) => (await outputsOf(file, judged)).map(segments), segmentF1),
  }
}

function segments(outputs: Outputs): Segment[] {
  const [scores, offsets] = [floats(outputs, 'scores'), floats(outputs, 'offsets')]
  const peaks = [...scores.keys()].filter((i) => (scores[i] as number) > THRESHOLD)
  const best = peaks.sort((a, b) => (scores[b] as number) - (scores[a] as number)).slice(0, 200)
  return best
    .map((i): Segment => {
      const [x, y] = [i % CELLS, Math.floor(i / CELLS)]
      const [ax = 0, ay = 0, bx = 0, by = 0] = offsets.subarray(4 * i, 4 * i + 4)
      return [x + ax, y + ay, x + bx, y + by]
    })
    .filter(([ax, ay, bx, by]) => Math.hypot(ax - bx, ay - by) > 10)
}

function segmentF1(float: readonly Segment[][], changed: readonly Segment[][]): number {
  let [matched, all] = [0, 0]
  float.forEach((expected, picture) => {
    const found = changed[picture] ?? []
    all += expected.length + found.length
    const free = new Set(expected)
    for (const segment of found) {
      const partner = [...free].sort((a, b) => distance(a, segment) - distance(b, segment))[0]
      if (!partner || distance(partner, segment) > NEAR) continue
      free.delete(partner)
      matched++
    }
  })
  return all === 0 ? 1 : (2 * matched) / all
}

function distance(a: Segment, b: Segment): number {
  const straight = Math.hypot(a[0] - b[0], a[1] - b[1]) + Math.hypot(a[2] - b[2], a[3] - b[3])
  const crossed = Math.hypot(a[0] - b[2], a[1] - b[3]) + Math.hypot(a[2] - b[0], a[3] - b[1])
  return Math.min(straight, crossed)
}

/** Turned rectangles, filled, on a shaded ground: 0 to 255 as the package feeds it, and a fourth channel of ones, `[1, 320, 320, 4]`. */
async function drawings(count: number, seed: number): Promise<Feeds[]> {
  const generator = xoroshiro128plus(seed)
  const below = (limit: number) => uniformInt(generator, 0, limit - 1)
  const grey = (value: number) => `rgb(${value},${value},${value})`
  const samples: Feeds[] = []
  for (let i = 0; i < count; i++) {
    const shapes = Array.from({length: 1 + below(3)}, () => {
      const [x, y, width, height] = [40 + below(130), 40 + below(130), 60 + below(110), 60 + below(110)]
      const turn = `rotate(${below(60) - 30} ${x + width / 2} ${y + height / 2})`
      const ink = grey(below(120))
      return `<rect x="${x}" y="${y}" width="${width}" height="${height}" transform="${turn}" fill="${ink}"/>`
    })
    const ground = `<rect width="${SIDE}" height="${SIDE}" fill="${grey(180 + below(70))}"/>`
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}">${ground}${shapes.join('')}</svg>`
    const pixels = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer()
    const values = new Float32Array(4 * SIDE * SIDE).fill(1)
    for (let at = 0; at < SIDE * SIDE; at++) {
      for (let c = 0; c < 3; c++) values[4 * at + c] = pixels[3 * at + c] as number
    }
    samples.push({'input_image_with_alpha:0': new OrtTensor('float32', values, [1, SIDE, SIDE, 4])})
  }
  return samples
}
