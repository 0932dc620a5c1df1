import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import type {BudgetText} from '../../src/bench/budget.js'
import {readBudgetFile} from '../../src/bench/budget-file.js'
import {UsageError} from '../../src/errors.js'

describe('readBudgetFile', () => {
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mopt-budget-'))
  })
  after(() => rm(folder, {recursive: true}))

  async function read(text: string, flags: BudgetText = {strict: false}): Promise<BudgetText> {
    const path = join(folder, 'budget.yaml')
    await writeFile(path, text)
    return readBudgetFile(path, flags)
  }

  it('takes the flags as keys, numbers or text, and lets the command line win', async () => {
    const text = 'max-drop: 0.01\nmax-size: 30%\nmin-speedup: 1.5\nmax-latency: p95=5ms\nstrict: true\n'
    expect(await read(text, {maxSize: '4MB', strict: false})).to.deep.equal({
      maxDrop: '0.01',
      maxSize: '4MB',
      minSpeedup: 1.5,
      maxLatency: 'p95=5ms',
      minAgreement: undefined,
      minSqnr: undefined,
      strict: true,
    })
  })

  it('refuses unknown keys, other shapes, broken YAML and missing files in one line', async () => {
    for (const text of ['max-dorp: 1%', '- 1', 'just text', '', 'max-size: [1', 'strict: maybe', 'min-speedup: fast']) {
      const error: unknown = await read(text).catch((reason) => reason)
      expect(error, text).to.be.instanceOf(UsageError)
      expect((error as UsageError).message).to.not.include('\n')
    }
    const missing: unknown = await readBudgetFile(join(folder, 'none.yaml'), {strict: false}).catch((reason) => reason)
    expect(missing).to.have.property('exitCode', 2)
  })
})
