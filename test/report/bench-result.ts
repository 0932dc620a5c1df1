import type {BenchResult, BenchRow} from '../../src/results.js'

const failedFigures = {latencyMs: null, latencyIntervals: {}, throughput: null, peakRssBytes: null, loadMs: null}

const baseline: BenchRow = {
  model: 'cnn_fm.onnx',
  provider: 'cpu',
  batch: 1,
  threads: 1,
  status: 'ok',
  sizeBytes: 1_706_386,
  compressedBytes: 1_580_112,
  parameters: 426_000,
  sparsity: 0,
  loadMs: 12,
  latencyMs: {
    mean: 0.152,
    std: 0.01,
    min: 0.141,
    p50: 0.148,
    p90: 0.16,
    p95: 0.171,
    p99: 0.2,
    max: 0.9,
    samples: 9_800,
    processes: 8,
  },
  latencyIntervals: {p50: [0.146, 0.15]},
  throughput: 6_579,
  peakRssBytes: 85_300_000,
  nodesByProvider: {CPUExecutionProvider: 9},
  metrics: {top1: 0.9181},
  metricIntervals: {top1: [0.9126, 0.9233]},
  fidelity: null,
  evalBatch: 64,
  relative: null,
}

const quantized: BenchRow = {
  ...baseline,
  model: 'cnn_fm.int8.onnx',
  sizeBytes: 439_283,
  compressedBytes: 391_020,
  latencyMs: {
    mean: 0.09,
    std: 0.01,
    min: 0.08,
    p50: 0.086,
    p90: 0.1,
    p95: 0.104,
    p99: 0.2,
    max: 0.5,
    samples: 16_100,
    processes: 8,
  },
  throughput: 11_111,
  peakRssBytes: 79_000_000,
  metrics: {top1: 0.9186},
  relative: {
    latency: {ratio: 0.58, low: 0.565, high: 0.595, speedup: 1.724, verdict: 'faster'},
    size: 0.2574,
    metric: 0.0005,
  },
}

const pruned: BenchRow = {
  ...baseline,
  model: 'cnn_fm.pruned.onnx',
  compressedBytes: 902_000,
  sparsity: 0.5,
  metrics: {top1: 0.9081},
  relative: {
    latency: {ratio: 1.004, low: 0.985, high: 1.023, speedup: 0.996, verdict: 'no difference'},
    size: 1,
    metric: -0.01,
  },
}

const broken: BenchRow = {
  ...baseline,
  ...failedFigures,
  model: 'cnn_fm.dynamic.onnx',
  status: 'failed',
  error: 'ONNX Runtime cannot load it: Could not find an implementation for ConvInteger(10)',
  sizeBytes: 434_804,
  metrics: {},
  metricIntervals: {},
  evalBatch: null,
  relative: {latency: null, size: 0.2548, metric: null},
}

/** A result with everything a report can show; the figures are made up. */
export const benchFixture: BenchResult = {
  schemaVersion: 1,
  command: 'bench',
  warnings: [{code: 'BUSY_MACHINE', message: 'another process wanted the cores', hint: 'close it and run again'}],
  machine: {
    cpu: 'Example CPU at 2.0 GHz',
    cores: 2,
    features: ['avx2', 'avx512_vnni'],
    os: 'linux x64',
    node: '20.19.0',
    onnxruntime: '1.30.0',
  },
  method: {
    commandLine:
      'mopt bench cnn_fm.onnx cnn_fm.int8.onnx cnn_fm.pruned.onnx cnn_fm.dynamic.onnx --data t10k-images-idx3-ubyte --max-drop 0.5%',
    inputs: 't10k-images-idx3-ubyte',
    minEffect: 0.02,
    metric: {name: 'top1', direction: 'higher', bounded: true, data: 't10k-images-idx3-ubyte', samples: 10_000},
  },
  results: [baseline, quantized, pruned, broken],
  budget: {
    passed: false,
    checks: [
      {
        name: 'max-drop',
        limit: '0.5%',
        actual: 'a gain of 0.05 points in top1 (0.9181 to 0.9186)',
        passed: true,
        model: 'cnn_fm.int8.onnx',
        provider: 'cpu',
        batch: 1,
        threads: 1,
      },
      {
        name: 'max-drop',
        limit: '0.5%',
        actual: 'a drop of 1.00 points in top1 (0.9181 to 0.9081)',
        passed: false,
        model: 'cnn_fm.pruned.onnx',
        provider: 'cpu',
        batch: 1,
        threads: 1,
      },
    ],
  },
}
