// Runs a model in a process that qemu may have given another processor: plain JavaScript, so that nothing slow is loaded.
// node qemu-run.mjs MODEL SAMPLES SHAPE prints the first output as JSON; SAMPLES holds the float32 values of the only input.
import {readFileSync} from 'node:fs'
import {InferenceSession, Tensor} from 'onnxruntime-node'

const [, , model, samples, shape] = process.argv
const bytes = readFileSync(samples)
const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
const session = await InferenceSession.create(model, {intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4})
const input = new Tensor('float32', values, shape.split(',').map(Number))
const results = await session.run({[session.inputNames[0]]: input})
process.stdout.write(JSON.stringify([...results[session.outputNames[0]].data]))
