import {existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {processMark} from '../../src/io/process-mark.js'
import {removeAbandoned} from '../../src/io/remove-abandoned.js'
import {withTempFolder} from '../../src/io/with-temp-folder.js'

const [, began, place] = processMark().split('-')
/** Of a process that cannot be: Linux gives no such id. */
const GONE = `${2 ** 22 + 1}-${began}-${place}`

describe('removeAbandoned', () => {
  it('removes the folders of processes that are gone, with what is in them', () =>
    withTempFolder(async (folder) => {
      for (const name of [`.m.onnx.${GONE}.tmp`, `mopt-${GONE}-abc`]) {
        mkdirSync(join(folder, name))
        writeFileSync(join(folder, name, 'half'), 'x')
      }
      removeAbandoned(folder, '.m.onnx.')
      expect(readdirSync(folder)).to.deep.equal([`mopt-${GONE}-abc`])
      removeAbandoned(folder, 'mopt-')
      expect(readdirSync(folder)).to.deep.equal([])
    }))

  it('leaves those of living processes, of other machines and without a mark', () =>
    withTempFolder(async (folder) => {
      const names = [
        `p.${processMark()}.tmp`,
        `p.${2 ** 22 + 1}-1-00000000.tmp`,
        'p.tmp',
        `p.x${GONE}.tmp`,
        `p.${GONE}`,
      ]
      for (const name of names) mkdirSync(join(folder, name))
      removeAbandoned(folder, 'p.')
      expect(readdirSync(folder)).to.have.members(names)
    }))

  it('leaves files and links, and does not follow a link', () =>
    withTempFolder(async (folder) => {
      mkdirSync(join(folder, 'precious'))
      symlinkSync(join(folder, 'precious'), join(folder, `p.${GONE}.link`))
      writeFileSync(join(folder, `p.${GONE}.file`), 'x')
      removeAbandoned(folder, 'p.')
      expect(readdirSync(folder)).to.have.members(['precious', `p.${GONE}.link`, `p.${GONE}.file`])
    }))

  it('does nothing in a folder that is not there', () =>
    withTempFolder(async (folder) => {
      removeAbandoned(join(folder, 'none'), 'p.')
      expect(existsSync(join(folder, 'none'))).to.equal(false)
    }))
})
