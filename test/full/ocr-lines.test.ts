import {expect} from 'chai'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {quantize} from '../../src/pipelines/quantize/quantize.js'
import {DataFolder} from '../support/data-folder.js'
import {RECOGNIZER} from '../support/model-zoo.js'
import {quantizeOptions, SILENT} from '../support/pipeline-options.js'
import {readLines} from '../support/read-lines.js'
import {LINE, renderLines} from '../support/rendered-lines.js'
import {writeTestData} from '../support/test-data-writer.js'

const JUDGED = 200
const LEARNED = 100
/** Share of the lines that must read exactly as in float. */
const LIMIT = 0.98

describe('the OCR recognizer on integers', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it(`by the defaults with data reads ${100 * LIMIT} % of ${JUDGED} rendered lines exactly as in float`, async () => {
    const learned = (await renderLines(LEARNED, 1)).map(({pixels}) => ({
      x: new OrtTensor('float32', pixels, [1, 3, LINE.height, LINE.width]),
    }))
    const data = writeTestData(`${folder.path}/lines`, learned)
    const output = `${folder.path}/int8.onnx`
    await quantize(RECOGNIZER, quantizeOptions({data, output, verify: false}), SILENT)

    const lines = await renderLines(JUDGED, 2)
    const [float, integers] = [await readLines(RECOGNIZER, lines), await readLines(output, lines)]
    const same = integers.filter((text, i) => text === float[i]).length / JUDGED
    expect(same).to.be.at.least(LIMIT)
  })
})
