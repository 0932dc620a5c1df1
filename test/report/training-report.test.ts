import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {FORMATS} from '../../src/report/formats.js'
import {trainingReport} from '../../src/report/training-report.js'
import type {TrainingResult} from '../../src/results.js'
import {trainingFixture as RESULT} from './training-result.js'

const LINE = 'mopt distill large.onnx'

/** Markdown and the picture beside it. */
function filesOf(result: TrainingResult): [text: string, picture: string] {
  const files = FORMATS[0]?.files({document: trainingReport(result, LINE), result}, 'out/training.md') ?? []
  expect(files.map(({path}) => path)).to.deep.equal(['out/training.svg', 'out/training.md'])
  const [picture, text] = files
  return [text?.text ?? '', picture?.text ?? '']
}

function trainingPicture(result: TrainingResult): string {
  return filesOf(result)[1]
}

describe('trainingReport', () => {
  const [text, picture] = filesOf(RESULT)

  it('is the stored report, byte for byte, and so is its picture', () => {
    expect(text).to.equal(readFileSync('test/golden/training.md', 'utf8'))
    expect(picture).to.equal(readFileSync('test/golden/training.svg', 'utf8'))
  })

  it('says what was won and what it cost, and shows the picture', () => {
    expect(text).to.match(/^# small\.distilled\.onnx: top1 0\.8750\n/)
    expect(text).to.include('**top1 -0.0625, 25 % of the size, 4.00 times the speed (faster)**, against the teacher.')
    expect(text).to.include('![Loss and top1 by epoch](training.svg)')
    expect(text).to.include('The weights of epoch 2 were kept, after 30 updates in all.')
    expect(text).to.include('- an array is ignored')
  })

  it('has a row for each model and each epoch', () => {
    const cells = text
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) =>
        line
          .split('|')
          .map((cell) => cell.trim())
          .slice(1, -1),
      )
    expect(cells).to.deep.include(['teacher', 'large.onnx', '0.9375', '2.00 MB', '0.400'])
    expect(cells).to.deep.include(['after', 'small.distilled.onnx', '0.8750', '500 kB', '0.100'])
    expect(cells).to.deep.include(['2', '1.0000', '0.8750', '0.000500', '1,200'])
  })
})

describe('trainingReport, its picture', () => {
  const svg = trainingPicture(RESULT)

  it('is one SVG document with a curve of the loss and one of the metric, three points each', () => {
    expect(svg).to.match(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*>[\s\S]*<\/svg>\n$/)
    const curves = [...svg.matchAll(/<title>([^<]+)<\/title><path d="M([^"]+)"/g)]
    expect(curves.map(([, name]) => name)).to.deep.equal(['training loss', 'top1'])
    for (const [, , path = ''] of curves) expect(path.split('L')).to.have.length(3)
  })

  it('writes names of values that are close below each other, in the order of the values', () => {
    const metric = {...RESULT.metric, before: 0.936, teacher: 0.9375}
    const close = trainingPicture({...RESULT, metric})
    const heightOf = (name: string) => Number(new RegExp(`y="([\\d.]+)" dy="4"[^>]*>${name}<`).exec(close)?.[1])
    expect(heightOf('before') - heightOf('teacher')).to.be.at.least(12)
  })

  it('draws what is higher further up, by the scale of its axis', () => {
    const [, path = ''] = /<title>top1<\/title><path d="M([^"]+)"/.exec(svg) ?? []
    const [low = 0, high = 0, middle = 0] = path.split('L').map((point) => Number(point.split(',')[1]))
    expect(high).to.be.below(middle)
    // 0.5, 0.875 and 0.75 on a straight scale
    expect((low - middle) / (low - high)).to.be.closeTo(0.25 / 0.375, 0.01)
  })

  it('names the teacher, the start and the epoch that was kept', () => {
    for (const name of ['teacher', 'before', 'kept']) expect(svg).to.include(`>${name}</text>`)
  })

  it('does not take weights that were thrown away for the start', () => {
    const fresh = {...RESULT, reinitialized: true}
    expect(trainingPicture(fresh)).to.include('>old weights</text>').and.not.include('>before<')
    expect(filesOf(fresh)[0]).to.match(/\| old weights \|/)
  })

  it('leaves out what is no number, and stands on one epoch alone', () => {
    const history = [{epoch: 1, trainLoss: 2, metric: null, learningRate: 1e-3, samplesPerSecond: 1000}]
    const alone = trainingPicture({...RESULT, history, bestEpoch: 1, metric: {...RESULT.metric, teacher: null}})
    expect(alone).not.to.match(/NaN|Infinity/)
  })
})
