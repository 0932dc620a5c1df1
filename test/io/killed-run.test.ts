import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdirSync, readdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {isGone, processMark} from '../../src/io/process-mark.js'
import {removeAbandoned} from '../../src/io/remove-abandoned.js'
import {writeModel} from '../../src/io/write-model.js'
import {DataFolder} from '../support/data-folder.js'
import {modelOf} from '../support/pass-trial.js'

const model = () => modelOf((build) => build.output(build.op('Relu', [build.input('x', [1, 4])])))

describe('what a killed run leaves', () => {
  const folder = new DataFolder()
  const output = join(folder.path, 'out.onnx')
  const temporary = join(folder.path, 'tmp')
  const children: ChildProcess[] = []
  before(() => mkdirSync(temporary))
  after(() => {
    for (const child of children) child.kill('SIGKILL')
    folder.remove()
  })

  /** A run that has its temporaries, as they are said to be. */
  async function start(path: string): Promise<{child: ChildProcess; left: string[]}> {
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/io/killed-run.ts', path], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {...process.env, TMPDIR: temporary},
    })
    children.push(child)
    const [said] = await once(child.stdout as NonNullable<typeof child.stdout>, 'data')
    return {child, left: String(said).trim().split(' ')}
  }

  it('is removed by the next to the same output, and none of a run that lives', async () => {
    const killed = await start(output)
    expect(killed.left.every(existsSync)).to.equal(true)
    killed.child.kill('SIGKILL')
    await once(killed.child, 'exit')
    expect(killed.left.every(existsSync), 'SIGKILL').to.equal(true)

    const living = await start(output)
    expect(killed.left.some(existsSync), 'removed').to.equal(false)
    await writeModel(model(), output, {force: false, externalData: 'auto'})
    removeAbandoned(temporary, 'mopt-')
    expect(living.left.every(existsSync), 'of the living').to.equal(true)
  })

  it('is known by the start of its process, on this machine', () => {
    const [pid, began, place] = processMark().split('-')
    expect(isGone(processMark())).to.equal(false)
    // past the largest id of Linux
    expect(isGone(`4194305-${began}-${place}`)).to.equal(true)
    expect(isGone(`4194305-${began}-00000000`), 'elsewhere').to.equal(false)
    // an id that was given again
    if (process.platform === 'linux') expect(isGone(`${pid}-1-${place}`)).to.equal(true)
    expect(isGone(`${pid}-0-${place}`), 'start not told').to.equal(false)
  })

  it('is a folder with a mark: links and other names stay', () => {
    const gone = processMark().replace(/^\d+/, '4194305')
    const names = [`.m.onnx.${gone}.tmp`, `.m.onnx.${gone}x`, '.m.onnx.mine.tmp', `.other.onnx.${gone}.tmp`]
    for (const name of names) mkdirSync(join(folder.path, name))
    const link = `.m.onnx.${gone}.link`
    symlinkSync(temporary, join(folder.path, link))
    removeAbandoned(folder.path, '.m.onnx.')
    const left = readdirSync(folder.path)
    expect(left)
      .to.include.members([...names.slice(1), link])
      .and.not.include(names[0])
  })
})
