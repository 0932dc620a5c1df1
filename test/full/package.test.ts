import {execFileSync, spawnSync} from 'node:child_process'
import {copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {arch, platform, tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'

const NPM = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', '--loglevel=error']
const SCRIPT = `
import {bench, inspect, quantize} from 'mopt-cli'

const {model} = await inspect('model.onnx')
const {output, fidelity} = await quantize('model.onnx', {output: {path: 'library.onnx', force: true, time: false}})
const {results} = await bench(['model.onnx', output.path], {bench: {runs: 5}})
console.log(model.parameters.count, fidelity?.outputs.length ?? 0, results.length)
`

/** What users get: the package as it is packed, in a folder that knows nothing of this one. */
describe('the package', function () {
  this.timeout(600_000)
  const folder = mkdtempSync(join(tmpdir(), 'mopt-package-'))
  after(() => rmSync(folder, {recursive: true, force: true}))

  const run = (node: string, args: readonly string[]) => {
    const {status, stdout, stderr} = spawnSync(node, args, {cwd: folder, encoding: 'utf8'})
    return {status, stdout, stderr}
  }
  const npm = (args: readonly string[], cwd = folder) => {
    return execFileSync('npm', [...args, ...NPM], {
      cwd,
      encoding: 'utf8',
      env: {...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip'},
    })
  }
  const mopt = join('node_modules', 'mopt-cli', 'bin', 'run.js')

  before(() => {
    const packed = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], '.')) as {filename: string}[]
    writeFileSync(join(folder, 'package.json'), JSON.stringify({name: 'somebody', private: true, type: 'module'}))
    copyFileSync('fixtures/models/cnn_fm.onnx', join(folder, 'model.onnx'))
    npm(['install', `./${packed[0]?.filename}`])
  })

  it('needs few other packages, and brings the licences of those that are inside', () => {
    const {dependencies} = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(Object.keys(dependencies)).to.have.members(['@oclif/core', 'onnxruntime-node', 'sharp'])
    const installed = join(folder, 'node_modules', 'mopt-cli')
    expect(readFileSync(join(installed, 'dist', 'THIRD-PARTY-LICENSES.txt'), 'utf8')).to.match(/^zod .*MIT/m)
    expect(readdirSync(installed)).to.not.include.members(['src', 'test', 'fixtures'])
  })

  it('runs what the README types first', () => {
    const shown = run(process.execPath, [mopt, 'inspect', 'model.onnx'])
    expect(shown, shown.stderr).to.include({status: 0})
    expect(shown.stdout).to.match(/Conv/)
    const made = run(process.execPath, [mopt, 'quantize', 'model.onnx', '--no-time'])
    expect(made, made.stderr).to.include({status: 0})
    expect(made.stdout).to.match(/^model\.int8\.onnx: /)
  })

  it('can be imported by another package, with types and schemas', () => {
    writeFileSync(join(folder, 'script.mjs'), SCRIPT)
    const {status, stdout, stderr} = run(process.execPath, ['script.mjs'])
    expect({status, stdout}, stderr).to.deep.equal({status: 0, stdout: '426122 1 2\n'})
    const typed = SCRIPT.replaceAll('console.log(', 'export const figures: number[] = [').replace(/\)\n$/, ']\n')
    writeFileSync(join(folder, 'script.mts'), typed)
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--skipLibCheck', 'false']
    const types = ['--lib', 'es2023,dom', '--ignoreConfig']
    const tsc = spawnSync(
      process.execPath,
      [join(process.cwd(), 'node_modules', 'typescript', 'bin', 'tsc'), ...options, ...types, 'script.mts'],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    )
    expect(tsc.stdout).to.equal('')
    expect(tsc.status).to.equal(0)
    const code =
      "console.log(Object.keys((await import('mopt-cli/schemas/bench-options.json', {with: {type: 'json'}})).default.properties).length)"
    writeFileSync(join(folder, 'schema.mjs'), code)
    expect(run(process.execPath, ['--no-warnings', 'schema.mjs']).stdout).to.equal('6\n')
  })

  for (const version of ['20', '22', '24']) {
    it(`works on Node ${version}`, () => {
      const name = `node-${platform()}-${arch()}`
      npm(['install', '--no-save', '--prefix', join(folder, `node-${version}`), `${name}@${version}`])
      const node = join(folder, `node-${version}`, 'node_modules', name, 'bin', 'node')
      expect(run(node, ['--version']).stdout).to.match(new RegExp(`^v${version}\\.`))
      for (const args of [
        ['inspect', 'model.onnx'],
        ['quantize', 'model.onnx', '-o', 'other.onnx', '--force', '--no-time'],
        ['bench', 'model.onnx', 'other.onnx', '--runs', '5'],
      ]) {
        const {status, stderr} = run(node, [mopt, ...args])
        expect(status, `${args.join(' ')}: ${stderr}`).to.equal(0)
      }
      writeFileSync(join(folder, 'script.mjs'), SCRIPT)
      const {status, stdout, stderr} = run(node, ['script.mjs'])
      expect({status, stdout}, stderr).to.deep.equal({status: 0, stdout: '426122 1 2\n'})
    })
  }
})
