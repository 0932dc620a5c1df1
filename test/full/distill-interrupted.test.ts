import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {DataFolder} from '../support/data-folder.js'
import {errorLine, runMopt} from '../support/run-mopt.js'
import {pointData, points, writeNet} from '../support/training-trial.js'

describe('mopt distill, interrupted', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('puts a training aside on Ctrl-C, says how to go on, and then writes what it would have written', async () => {
    const data = pointData(folder, 'points.npz', {label: points(1).labels})
    const teacher = writeNet(folder, 'teacher.onnx', {hidden: 24, seed: 5})
    const student = writeNet(folder, 'student.onnx', {hidden: 64, seed: 9})
    const args = [
      'distill',
      teacher,
      '--student',
      student,
      '--data',
      data,
      '--batch',
      '2',
      '--epochs',
      '150',
      '--no-verify',
    ]
    const output = (name: string) => ['-o', join(folder.path, name)]
    expect((await runMopt([...args, ...output('whole.onnx')])).code).to.equal(0)
    const checkpoint = join(folder.path, 'epochs.checkpoint')
    const cut = [...args, ...output('cut.onnx'), '--checkpoint', checkpoint]
    const interrupted = await runMopt(cut, {
      onStart(child) {
        const timer = setInterval(() => {
          // written after the first epoch: the training runs
          if (!existsSync(checkpoint)) return
          clearInterval(timer)
          child.kill('SIGINT')
        }, 5)
        child.once('exit', () => clearInterval(timer))
      },
    })
    expect(interrupted.code).to.equal(130)
    const line = errorLine(interrupted)
    expect(line).to.match(
      /^interrupted, the training is kept in epochs\.checkpoint \(hint: Go on with: mopt distill .*--resume\)$/,
    )
    expect(existsSync(join(folder.path, 'cut.onnx'))).to.equal(false)
    const again = await runMopt(cut)
    expect(errorLine(again)).to.match(/a training was put aside here/)
    expect((await runMopt([...cut, '--resume'])).code).to.equal(0)
    const [whole, resumed] = ['whole.onnx', 'cut.onnx'].map((name) => readFileSync(join(folder.path, name)))
    expect(whole?.equals(resumed ?? Buffer.alloc(0))).to.equal(true)
  })
})
