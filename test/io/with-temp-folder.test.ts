import {existsSync, mkdirSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {basename, dirname, join} from 'node:path'
import {expect} from 'chai'
import {processMark} from '../../src/io/process-mark.js'
import {withTempFolder} from '../../src/io/with-temp-folder.js'

describe('withTempFolder', () => {
  it('gives a fresh folder that is marked with this process, and the result of the work', async () => {
    const names = await Promise.all([1, 2].map(() => withTempFolder(async (folder) => folder)))
    expect(new Set(names).size).to.equal(2)
    for (const name of names) {
      expect(dirname(name)).to.equal(tmpdir())
      expect(basename(name).startsWith(`mopt-${processMark()}-`)).to.equal(true)
    }
  })

  it('removes the folder with all that is in it when the work is done', async () => {
    const path = await withTempFolder(async (folder) => {
      mkdirSync(join(folder, 'a', 'b'), {recursive: true})
      writeFileSync(join(folder, 'a', 'b', 'c'), 'x')
      expect(statSync(folder).isDirectory()).to.equal(true)
      return folder
    })
    expect(existsSync(path)).to.equal(false)
  })

  it('removes it when the work fails, and hands on the error', async () => {
    let path = ''
    const failure = new Error('no')
    const caught = await withTempFolder(async (folder) => {
      path = folder
      throw failure
    }).catch((error: unknown) => error)
    expect(caught).to.equal(failure)
    expect([path === '', existsSync(path)]).to.deep.equal([false, false])
  })

  it('does not mind work that removed the folder itself, nor leaves listeners behind', async () => {
    const before = process.listenerCount('exit')
    await withTempFolder((outer) => withTempFolder(async () => rmSync(outer, {recursive: true})))
    expect(process.listenerCount('exit')).to.equal(before)
  })
})
