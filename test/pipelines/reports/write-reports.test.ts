import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {FileError, UsageError} from '../../../src/errors.js'
import {checkReports, writeReports} from '../../../src/pipelines/reports/write-reports.js'
import {paragraph} from '../../../src/report/document.js'

describe('checkReports and writeReports', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mopt-reports-'))
  after(() => rmSync(folder, {recursive: true}))
  const report = {document: {title: 'Title', blocks: [paragraph('Words.')]}, result: {a: Number.NaN}}
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error as Error,
    )

  it('writes each in the format of its ending, over an older one', async () => {
    const paths = ['r.md', 'r.json'].map((name) => join(folder, name))
    await checkReports(paths)
    await writeReports(paths, report)
    await writeReports(paths, report)
    expect(readFileSync(paths[0] as string, 'utf8')).to.equal('# Title\n\nWords.\n')
    expect(readFileSync(paths[1] as string, 'utf8')).to.equal('{\n  "a": null\n}\n')
    expect(readdirSync(folder)).to.have.members(['r.md', 'r.json'])
  })

  it('refuses other endings, pictures where there are none, and folders that are not there', async () => {
    expect(await refusal(checkReports(['r.txt']))).to.be.instanceOf(UsageError)
    expect(await refusal(checkReports([join(folder, 'r.svg')]))).to.be.instanceOf(UsageError)
    expect(await refusal(checkReports([join(folder, 'r.svg')], {hasPictures: true}))).to.equal(undefined)
    const missing = await refusal(checkReports([join(folder, 'none', 'r.md')]))
    expect(missing).to.be.instanceOf(FileError)
    expect(missing?.message).to.match(/there is no folder/)
  })

  it('leaves nothing behind where a report cannot be written', async () => {
    const path = join(folder, 'taken.md')
    mkdirSync(path)
    expect(await refusal(writeReports([path], report))).to.be.instanceOf(FileError)
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).to.deep.equal([])
    expect(existsSync(path)).to.equal(true)
  })
})
