import {existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {quantizeResult} from '../../src/results.js'
import {DataFolder} from '../support/data-folder.js'
import {errorLine, runMopt} from '../support/run-mopt.js'

const MLP = 'fixtures/models/mlp_fm.onnx'
const MOBILE = 'fixtures/models/mobile_fm_bn.onnx'
const IMAGES = ['--mean', '0.286', '--std', '0.353', '--data', 'fixtures/fashion-mnist/train-images-idx3-ubyte.gz']

describe('mopt quantize', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  it('prints for people what became of the model, and warns on stderr', async () => {
    const {code, stdout, stderr} = await runMopt(['quantize', MLP, '-o', `${folder.path}/`, '--no-time'])
    expect(code).to.equal(0)
    expect(stdout).to.match(/^mlp_fm\.int8\.onnx: 2\d\d kB, 25(\.\d+)? % of 941 kB$/m)
    expect(stdout).to.match(/^quantized +1 dynamic, 2 weights-only/m)
    expect(stdout).to.match(/^output +'logits' \(labels\) not judged, SQNR .* dB, cosine .*\(synthetic input\)$/m)
    expect(stderr).to.match(/^mopt: warning: no --data/m)
    expect(readdirSync(folder.path)).to.deep.equal(['mlp_fm.int8.onnx'])
  })

  it('refuses to replace a file, and does with --force', async () => {
    const output = folder.write('kept.onnx', 'mine')
    const refused = await runMopt(['quantize', MLP, '-o', output, '--no-verify'])
    expect(refused.code).to.equal(2)
    expect(errorLine(refused)).to.match(/kept\.onnx: exists already.*--force/)
    expect(readFileSync(output, 'utf8')).to.equal('mine')
    const forced = await runMopt(['quantize', MLP, '-o', output, '--no-verify', '--force'])
    expect(forced.code).to.equal(0)
    expect(statSync(output).size).to.be.above(200_000)
  })

  it('puts weights beside the model with --external-data always', async () => {
    const output = join(folder.path, 'apart.onnx')
    const args = ['quantize', MLP, '-o', output, '--external-data', 'always', '--no-time', '--json']
    const {code, stdout} = await runMopt(args)
    expect(code).to.equal(0)
    const {output: written, fidelity} = quantizeResult.parse(JSON.parse(stdout))
    expect(written.sizeBytes).to.equal(statSync(output).size + statSync(`${output}.data`).size)
    expect(statSync(output).size).to.be.below(20_000)
    expect(fidelity?.cosine).to.be.above(0.999)
  })

  it('reports missed budgets with one line each and exit code 4, and keeps the output', async () => {
    const output = join(folder.path, 'missed.onnx')
    const limits = ['--max-size', '10%', '--max-drop', '0.0001', '--mode', 'weights', '--eval-limit', '200']
    const evaluation = [
      '--eval',
      'fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz',
      '--mean',
      '0.286',
      '--std',
      '0.353',
    ]
    const args = ['quantize', MOBILE, '-o', output, '--no-time', '--json', ...limits, ...evaluation]
    const {code, stdout, stderr} = await runMopt(args)
    const {budget} = quantizeResult.strict().parse(JSON.parse(stdout))
    const missed = budget?.checks.filter(({passed}) => !passed) ?? []
    expect(missed.map(({name}) => name)).to.include('max-size')
    expect(stderr.split('\n').filter(Boolean)).to.have.length(missed.length)
    expect(stderr).to.match(/^mopt: budget missed: --max-size 10%: .*missed\.onnx has \d/m)
    expect(code).to.equal(4)
    expect(existsSync(output)).to.equal(true)
  })

  it('reads limits from a file', async () => {
    const budget = folder.write('budget.yaml', 'max-size: 10%\n')
    const output = join(folder.path, 'file-budget.onnx')
    const {code, stderr} = await runMopt(['quantize', MLP, '-o', output, '--no-verify', '--budget', budget])
    expect(code).to.equal(4)
    expect(stderr).to.match(/budget missed: --max-size 10%/)
  })

  it('holds samples out to judge on when --max-drop has no --eval, and says so', async () => {
    const output = join(folder.path, 'held-out.onnx')
    const args = [
      'quantize',
      MOBILE,
      '-o',
      output,
      '--no-time',
      '--json',
      '--max-drop',
      '50%',
      '--limit',
      '100',
      ...IMAGES,
    ]
    const {code, stdout} = await runMopt(args)
    expect(code).to.equal(0)
    const {warnings, metric, budget} = quantizeResult.parse(JSON.parse(stdout))
    expect(warnings.map(({message}) => message).join()).to.match(/20 of the 100 samples of --data are held out/)
    expect(metric?.samples).to.equal(20)
    expect(budget?.passed).to.equal(true)
  })

  it('needs no more memory for 500 samples than for 16', async () => {
    const peaks: number[] = []
    for (const limit of ['16', '500']) {
      const output = join(folder.path, `limit${limit}.onnx`)
      const args = ['quantize', MOBILE, '-o', output, '--no-verify', '--json', '--limit', limit, ...IMAGES]
      const {stdout} = await runMopt(args)
      peaks.push(quantizeResult.parse(JSON.parse(stdout)).peakRssBytes)
    }
    const [few = 0, many = 0] = peaks
    // 484 more samples hold 1.5 MB as floats, their activations, which histograms count, 200 MB; a garbage collector's mood is about 30 MB
    expect(many - few).to.be.below(50e6)
    expect(many).to.be.below(250e6)
  })

  for (const [what, args, text] of [
    ['static without data', ['--mode', 'static'], /--mode static: expected --data with samples/],
    ['a limit on accuracy without samples', ['--max-drop', '1%'], /--max-drop: expected samples to judge on/],
    ['a limit on time without timing', ['--min-speedup', '2', '--no-time'], /--no-time: expected measurements/],
    ['a limit on time without a run', ['--max-latency', '2ms', '--no-verify'], /--no-verify: expected measurements/],
    ['a limit that is no number', ['--max-size', 'small'], /--max-size/],
    ['an unknown size', ['--dim', 'T=4'], /--dim T/],
    ['an unknown provider', ['--provider', 'abacus'], /abacus/],
  ] as const) {
    it(`refuses ${what} before any work`, async () => {
      const output = join(folder.path, 'refused.onnx')
      const outcome = await runMopt(['quantize', MLP, '-o', output, ...args])
      expect(errorLine(outcome)).to.match(text)
      expect(outcome.code).to.equal(2)
      expect(existsSync(output)).to.equal(false)
    })
  }

  it('leaves nothing behind when Ctrl-C ends calibration', async () => {
    const own = folder.path
    mkdirSync(join(own, 'tmp'))
    const rows = 30_000
    const header = Buffer.alloc(16)
    header.writeUInt32BE(0x00000803, 0)
    ;[rows, 28, 28].forEach((size, i) => {
      header.writeUInt32BE(size, 4 + 4 * i)
    })
    const data = join(own, 'many-idx3-ubyte')
    writeFileSync(data, Buffer.concat([header, Buffer.alloc(rows * 784, 90)]))
    const output = join(own, 'interrupted.onnx')
    const args = ['quantize', MOBILE, '-o', output, '--data', data, '--limit', `${rows}`, '--calibration', 'percentile']
    const {code, stdout, stderr} = await runMopt(args, {
      env: {TMPDIR: join(own, 'tmp')},
      onStart: (child) => {
        const started = setInterval(() => {
          if (readdirSync(join(own, 'tmp')).length === 0) return
          clearInterval(started)
          setTimeout(() => child.kill('SIGINT'), 700)
        }, 20)
      },
    })
    expect({code, stdout}).to.deep.equal({code: 130, stdout: ''})
    expect(stderr).to.match(/^mopt: error: interrupted, nothing was written/)
    expect(existsSync(output)).to.equal(false)
    expect(readdirSync(join(own, 'tmp'))).to.deep.equal([])
    expect(readdirSync(own).filter((name) => name.includes('interrupted'))).to.be.empty
    expect(childrenReading(data)).to.be.empty
  })

  for (const [flags, name, type] of [
    [['--weights', 'int4'], 'mlp_fm.int4.onnx', 'int4'],
    [['--weights', 'uint4', '--block-size', '16'], 'mlp_fm.int4.onnx', 'uint4'],
    [['--mode', 'weights', '--weights', 'uint8'], 'mlp_fm.int8.onnx', 'uint8'],
    [['--mode', 'float16'], 'mlp_fm.fp16.onnx', 'float16'],
  ] as const) {
    it(`names the output of ${flags.join(' ')} ${name}, and lists what became ${type}`, async () => {
      const args = ['quantize', MLP, '-o', `${folder.path}/${type}/`, '--no-time', '--json', ...flags]
      mkdirSync(join(folder.path, type))
      const {code, stdout} = await runMopt(args)
      expect(code).to.equal(0)
      const {output, changed, fidelity} = quantizeResult.strict().parse(JSON.parse(stdout))
      expect(output.path).to.equal(join(folder.path, type, name))
      expect(changed.filter(({to}) => to === type)).to.have.length.of.at.least(3)
      // SQNR of weights with 15 steps is about 20 dB, which a cosine of 0.99 is
      expect(fidelity?.cosine).to.be.above(0.98)
    })
  }
})

/** Processes that have a file's name on their command line or among their open files. Linux only; empty elsewhere. */
function childrenReading(path: string): string[] {
  if (!existsSync('/proc/self/fd')) return []
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && pid !== `${process.pid}` && mentions(pid, path))
}

function mentions(pid: string, path: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(path)
  } catch {
    return false
  }
}
