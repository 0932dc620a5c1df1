/**
 * Simplifies one file with the npm package onnxsim. It folds constants by onnxruntime-web, which this project does not install:
 * a resolve hook gives it onnxruntime-node instead, which is faster.
 */
import {readFileSync, writeFileSync} from 'node:fs'
import {register} from 'node:module'

const standIn = new URL('./onnxruntime-web-stand-in.mjs', import.meta.url).href
const hooks = `export const resolve = (name, context, next) =>
  name === 'onnxruntime-web' ? {url: ${JSON.stringify(standIn)}, shortCircuit: true} : next(name, context)`
register(`data:text/javascript,${encodeURIComponent(hooks)}`)

const [input, output] = process.argv.slice(2)
const {simplify} = await import('onnxsim')
const {model} = await simplify(readFileSync(input))
writeFileSync(output, model)
// its WebAssembly module sometimes keeps the process alive for ever
process.exit(0)
