import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {encodeModel} from '../../src/io/encode-model.js'
import {inspectOptions} from '../../src/options/inspect.js'
import {parseOptions} from '../../src/options/parse-options.js'
import {bench} from '../../src/pipelines/bench/bench.js'
import {inspect} from '../../src/pipelines/inspect/inspect.js'
import {prune} from '../../src/pipelines/prune/prune.js'
import {quantize} from '../../src/pipelines/quantize/quantize.js'
import {simplify} from '../../src/pipelines/simplify/simplify.js'
import {DataFolder} from '../support/data-folder.js'
import {readForeign} from '../support/foreign-model.js'
import {npyOf} from '../support/npy-writer.js'
import {modelOf, randomFloats} from '../support/pass-trial.js'
import {benchOptions, pruneOptions, quantizeOptions, SILENT, simplifyOptions} from '../support/pipeline-options.js'

/** Names that files may have: what every JavaScript object has, what shells and formats read otherwise, and the very long. */
const NAMES = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__defineGetter__'],
  ...[' two words ', `"quoted'\nlines\t\\`, 'größe😀', 'x'.repeat(2000)],
]
const BENCH = {minTimeMs: 1, maxTimeMs: 100, runs: 1, warmup: {runs: 1}}

describe('hostile names', function () {
  this.timeout(600_000)
  const folder = new DataFolder()
  after(() => folder.remove())

  /** Every part of the model has another name of the list. */
  function write(first: number) {
    const [input = '', output = '', weight = '', node = '', dim = '', key = ''] = [0, 1, 2, 3, 4, 5].map(
      (role) => NAMES[(first + role) % NAMES.length] as string,
    )
    const model = modelOf((build) => {
      const matrix = build.floats(randomFloats(64 * 64), [64, 64], weight)
      const product = build.op('MatMul', [build.input(input, [dim, 64]), matrix], {}, {name: node})
      build.output(build.op('Relu', [product], {}, {outputs: [output]}))
    })
    model.metadata.set(key, key)
    const data = folder.npz('data.npz', {[input]: npyOf(randomFloats(8 * 64, 5), [8, 64])})
    return {path: folder.write('model.onnx', encodeModel(model)), data, input, output, dim, key}
  }

  for (const [first, name] of NAMES.entries()) {
    it(`do no harm in any verb: an input named ${JSON.stringify(name.slice(0, 20))}, others after it`, async () => {
      const {path, data, input, output, dim, key} = write(first)
      const facts = await inspect(path, parseOptions(inspectOptions, {inspect: {layers: true}}), SILENT)
      expect(facts.model.inputs).to.deep.equal([{name: input, dtype: 'float32', shape: [dim, 64]}])

      const target = join(folder.path, 'out.onnx')
      const shared = {force: true, output: target} as const
      const results = [
        await simplify(path, simplifyOptions(shared), SILENT),
        await quantize(path, quantizeOptions({...shared, data, mode: 'static'}), SILENT),
        await prune(path, pruneOptions({...shared, inputShapes: {[input]: [2, 64]}}), SILENT),
      ]
      for (const {fidelity} of results) expect(fidelity?.cosine).to.be.above(0.8)
      const written = readForeign(readFileSync(target))
      expect(written.graph?.input.map((port) => port.name)).to.deep.equal([input])
      expect(written.graph?.output.map((port) => port.name)).to.deep.equal([output])
      expect(written.metadataProps.map((entry) => entry.key)).to.deep.equal([key, 'mopt.record'])

      const {results: rows} = await bench([path, target], benchOptions({...BENCH, data}), SILENT)
      expect(rows.map(({status}) => status)).to.deep.equal(['ok', 'ok'])
      expect(rows[1]?.metrics.agreement).to.be.above(0)
    })
  }
})
