import {existsSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {expect} from 'chai'
import {uniformInt} from 'pure-rand/distribution/uniformInt'
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus'
import {DataFolder} from '../support/data-folder.js'
import {type Outcome, runMopt} from '../support/run-mopt.js'

const CNN = 'fixtures/models/cnn_fm.onnx'
const MLP = 'fixtures/models/mlp_fm.onnx'
const IMAGES = ['--mean', '0.286', '--std', '0.353', '--no-time', '--no-verify']
const DATA = ['--data', 'fixtures/fashion-mnist/train-images-idx3-ubyte.gz']
const EVAL = ['--eval', 'fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz', '--eval-limit', '200']
const SAMPLES = [...DATA, ...EVAL, ...IMAGES]
const TRAINING = ['--epochs', '6', '--batch', '10', '--seed', '3']

/** A verb that trains, with what it works on; `quantized.onnx` in the folder has weights of 4 bits. */
const VERBS: readonly (readonly [what: string, args: (folder: string) => readonly string[]])[] = [
  ['finetune', () => ['finetune', CNN, ...SAMPLES, ...TRAINING]],
  ['finetune with a teacher', () => ['finetune', CNN, '--teacher', MLP, ...SAMPLES, ...TRAINING, '--augment', 'shift']],
  ['distill', () => ['distill', MLP, '--student', CNN, '--reinit', ...SAMPLES, ...TRAINING]],
  ['prune', () => ['prune', CNN, '--sparsity', '80%', ...SAMPLES, ...TRAINING]],
  ['finetune of 4-bit weights', (folder) => ['finetune', join(folder, 'quantized.onnx'), ...SAMPLES, ...TRAINING]],
]

describe('an interrupted training', () => {
  const folder = new DataFolder()
  const random = xoroshiro128plus(7)
  after(() => folder.remove())

  before(async () => {
    const quantized = join(folder.path, 'quantized.onnx')
    const {code, stderr} = await runMopt(['quantize', CNN, '--weights', 'int4', '-o', quantized, '--no-time'])
    expect(code, stderr).to.equal(0)
  })

  const fileOf = (name: string) => join(folder.path, name)

  for (const [what, argsIn] of VERBS) {
    describe(what, () => {
      const args = argsIn(folder.path)
      let whole: Buffer
      let wholeMs: number
      /** Any moment will do; most of them should be within the training. */
      const momentMs = () => uniformInt(random, 0, Math.round(wholeMs / 2))

      it('gives the same bytes twice', async () => {
        const files = [fileOf('first.onnx'), fileOf('second.onnx')]
        const startMs = performance.now()
        for (const file of files) await succeed([...args, '-o', file, '--force'])
        wholeMs = (performance.now() - startMs) / 2
        whole = readFileSync(files[0] as string)
        expect(whole.equals(readFileSync(files[1] as string))).to.equal(true)
      })

      it('gives them when it is killed and resumed, again and again', async () => {
        const [output, checkpoint] = [fileOf('killed.onnx'), fileOf('killed.ckpt')]
        const command = [...args, '-o', output, '--checkpoint', checkpoint, '--resume']
        for (const path of [output, checkpoint]) rmSync(path, {force: true})
        for (let kill = 0; kill < 3 && !existsSync(output); kill++) {
          const {code} = await interrupted(command, 'SIGKILL', async () => {
            while (!existsSync(checkpoint)) await sleep(5)
            await sleep(momentMs())
          })
          // Killed between its last step and its exit, a run leaves the whole file; a half one is found below.
          if (code === 0) expect(existsSync(output)).to.equal(true)
        }
        if (!existsSync(output)) await succeed(command)
        expect(readFileSync(output).equals(whole)).to.equal(true)
      })

      it('gives them after Ctrl-C, by the command that it names', async () => {
        const output = fileOf('stopped.onnx')
        rmSync(output, {force: true})
        const command = [...args, '-o', output]
        const {code, stderr} = await interrupted(command, 'SIGINT', () => sleep(wholeMs / 3 + momentMs()))
        if (code !== 0) {
          expect(code, stderr).to.equal(130)
          const isKept = existsSync(`${output}.checkpoint`)
          expect(stderr.includes('--resume')).to.equal(isKept)
          await succeed(isKept ? [...command, '--resume'] : command)
        }
        expect(existsSync(`${output}.checkpoint`)).to.equal(false)
        expect(readFileSync(output).equals(whole)).to.equal(true)
      })
    })
  }
})

async function succeed(args: readonly string[]): Promise<void> {
  const {code, stderr} = await runMopt(args)
  expect(code, stderr).to.equal(0)
}

/** Runs a command and sends it a signal at some moment, unless it is done by then. */
async function interrupted(
  args: readonly string[],
  signal: 'SIGKILL' | 'SIGINT',
  moment: () => Promise<void>,
): Promise<Outcome> {
  return runMopt(args, {
    onStart(child) {
      void moment().then(() => child.kill(signal))
    },
  })
}
