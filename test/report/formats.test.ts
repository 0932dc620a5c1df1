import {expect} from 'chai'
import {type Picture, paragraph, type Report} from '../../src/report/document.js'
import {FORMATS} from '../../src/report/formats.js'

const PICTURE: Picture = {
  kind: 'picture',
  text: 'a curve',
  drawing: {kind: 'curves', panels: [{title: 'loss', curves: [{name: 'loss', points: [[1, 2]]}]}], xLabel: 'epoch'},
}

function reportOf(...blocks: Report['document']['blocks']): Report {
  return {document: {title: 'Title', blocks}, result: {value: Number.NaN}}
}

describe('FORMATS', () => {
  const filesOf = (ending: string, report: Report) => {
    return FORMATS.find((format) => format.ending === ending)?.files(report, `some.folder/report${ending}`) ?? []
  }

  it('writes Markdown with each picture beside it, under names of their own', () => {
    const files = filesOf('.md', reportOf(PICTURE, paragraph('Words.'), {...PICTURE, text: 'another'}))
    const names = ['report.svg', 'report-2.svg', 'report.md']
    expect(files.map(({path}) => path)).to.deep.equal(names.map((name) => `some.folder/${name}`))
    expect(files[2]?.text).to.include('![a curve](report.svg)').and.include('![another](report-2.svg)')
  })

  it('writes the picture alone, and nothing else, as SVG', () => {
    const [file, ...more] = filesOf('.svg', reportOf(paragraph('Words.'), PICTURE))
    expect(more).to.deep.equal([])
    expect(file?.text).to.match(/^<svg [\s\S]*>loss<[\s\S]*<\/svg>\n$/)
    expect(filesOf('.svg', reportOf(paragraph('Words.')))).to.deep.equal([])
  })

  it('writes the result as JSON', () => {
    const [file] = filesOf('.json', reportOf(PICTURE))
    expect(file).to.deep.equal({path: 'some.folder/report.json', text: '{\n  "value": null\n}\n'})
  })
})
