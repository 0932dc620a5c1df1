import type {TrainingResult} from '../../src/results.js'

/** A distillation of three epochs. */
export const trainingFixture: TrainingResult = {
  schemaVersion: 1,
  command: 'distill',
  warnings: [{code: 'DATA', message: 'an array is ignored'}],
  input: {path: 'models/large.onnx', sizeBytes: 2_000_000},
  student: {path: 'models/small.onnx', sizeBytes: 500_000},
  reinitialized: false,
  teacher: {path: 'models/large.onnx', sizeBytes: 2_000_000},
  output: {path: 'out/small.distilled.onnx', sizeBytes: 500_400},
  changed: [],
  skipped: [],
  fidelity: null,
  timing: {before: 0.4, after: 0.1, ratio: 0.25, low: 0.24, high: 0.26, verdict: 'faster'},
  budget: null,
  seconds: 3,
  peakRssBytes: 1e8,
  teacherOutputs: {kept: 'memory', bytes: 640},
  history: [
    {epoch: 1, trainLoss: 2, metric: 0.5, learningRate: 1e-3, samplesPerSecond: 1000},
    {epoch: 2, trainLoss: 1, metric: 0.875, learningRate: 5e-4, samplesPerSecond: 1200},
    {epoch: 3, trainLoss: 0.5, metric: 0.75, learningRate: 0, samplesPerSecond: 1100},
  ],
  bestEpoch: 2,
  steps: 30,
  losses: ["0.9 x distillation of 'y', temperature 4"],
  stopped: null,
  metric: {name: 'top1', before: 0.25, after: 0.875, teacher: 0.9375, samples: 64},
}
