import type {PruneOptions} from '../../src/pipelines/prune/prune.js'
import type {QuantizeOptions} from '../../src/pipelines/quantize/quantize.js'
import type {SimplifyOptions} from '../../src/pipelines/simplify/simplify.js'
import type {FinetuneOptions} from '../../src/pipelines/train/finetune.js'

/** What the flags of `quantize`, `prune` and `simplify` come to when none is given, but for the timing: tests never judge times. */
export const SHARED_OPTIONS = {
  force: false,
  externalData: 'auto',
  verify: true,
  time: false,
  offset: 0,
  shuffle: false,
  evalOffset: 0,
  map: {},
  preprocess: {},
  provider: 'cpu',
  threads: 1,
  seed: 0,
  inputShapes: {},
  dims: {},
  strict: false,
} as const

export function quantizeOptions(changes: Partial<QuantizeOptions>): QuantizeOptions {
  const own = {
    mode: 'auto',
    perChannel: true,
    calibration: 'minmax',
    percentile: 99.99,
    cpu: 'vnni',
    tune: false,
  } as const
  return {...SHARED_OPTIONS, ...PASS_DEFAULTS, ...own, ...changes}
}

/** What the flags that choose number types come to when none is given. */
export const PASS_DEFAULTS = {
  weights: 'int8',
  activations: 'uint8',
  format: 'qdq',
  blockSize: 32,
  exclude: [],
  excludeOps: [],
  overrides: [],
  keepIo: false,
  provider: 'cpu',
} as const

export function simplifyOptions(changes: Partial<SimplifyOptions>): SimplifyOptions {
  return {...SHARED_OPTIONS, dryRun: false, fuseOrt: false, skip: [], keepInitializerInputs: false, ...changes}
}

export function pruneOptions(changes: Partial<PruneOptions>): PruneOptions {
  return {...SHARED_OPTIONS, sparsity: 0.3, scope: 'global', exclude: [], include: [], ...changes}
}

/** What the flags of `finetune` come to when none is given. */
export function trainingOptions(changes: Partial<FinetuneOptions>): FinetuneOptions {
  return {...SHARED_OPTIONS, ...TRAINING, argv: ['finetune'], learningRate: 1e-4, mapPairs: [], ...changes}
}

/** What the flags of a training come to when none is given, but for the learning rate and the temperature. */
export const TRAINING = {
  epochs: 3,
  optimizer: 'adamw',
  schedule: 'cosine',
  temperature: 4,
  features: [],
  featureWeight: 1,
  augment: [],
  loss: 'auto',
  freeze: [],
  reinitialize: false,
  resume: false,
} as const

export const SILENT = {progress: () => {}, signal: new AbortController().signal}

/** Samples of the fixtures for the image models: the training images to learn from, the test images to judge on. */
export const IMAGE_DATA = {
  data: 'fixtures/fashion-mnist/train-images-idx3-ubyte.gz',
  eval: 'fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz',
  preprocess: {mean: [0.286], std: [0.353]},
  limit: 128,
} as const

export const SPAM_DATA = {eval: 'fixtures/spam/spam_test.npz'} as const
