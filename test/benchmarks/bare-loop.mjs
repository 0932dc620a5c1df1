// The loop a user would write over onnxruntime-node, without any of mopt: prints the median latency in milliseconds.
import {InferenceSession, Tensor} from 'onnxruntime-node'

const [path = '', warmupMs = '80', measureMs = '300'] = process.argv.slice(2)
const session = await InferenceSession.create(path, {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  extra: {'session.intra_op.allow_spinning': '0'},
})
const pixels = Float32Array.from({length: 784}, (_, i) => Math.sin(i))
const feeds = {input: new Tensor('float32', pixels, [1, 1, 28, 28])}

const warm = performance.now() + Number(warmupMs)
while (performance.now() < warm) await session.run(feeds)

const times = []
const end = performance.now() + Number(measureMs)
while (performance.now() < end) {
  const start = performance.now()
  await session.run(feeds)
  times.push(performance.now() - start)
}
times.sort((a, b) => a - b)
process.stdout.write(`${times[Math.floor(times.length / 2)]}\n`)
