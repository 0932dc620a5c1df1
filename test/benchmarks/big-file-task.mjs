// What a fresh process of big-file.ts does, on compiled code: opens a model, may halve its weights, may write it, says its peak in MB.
import {readFileSync} from 'node:fs'
import {openModel} from '../../dist/src/io/open-model.js'
import {writeModel} from '../../dist/src/io/write-model.js'
import {derivedTensor} from '../../dist/src/ir/tensor.js'

const [path, output, externalData, change] = process.argv.slice(2)
if (path) {
  const {model, files, close} = await openModel(path)
  if (change === 'halve') {
    for (const value of model.graph.constants()) {
      const {constant} = value
      const half = () => constant.read().map((weight) => weight / 2)
      value.graph.setConstant(value, derivedTensor('float32', constant.shape, half))
    }
  }
  if (output) await writeModel(model, output, {force: true, externalData, inputs: files})
  close()
}
// VmHWM, because maxRSS counts the parent too
const [, peakKb] = /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
process.stdout.write(`${Number(peakKb) / 1024}`)
