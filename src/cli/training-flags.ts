import {Flags} from '@oclif/core'
import {UsageError} from '../errors.js'
import {integer, number, numberOrAuto, pattern, ratio} from './flag-types.js'

/** The flags that all verbs share that train. */

const TRAINING = {helpGroup: 'TRAINING'}
const LOSS = {helpGroup: 'LOSS'}

const AUGMENTATIONS = ['flip', 'shift', 'crop'] as const
type Augmentation = (typeof AUGMENTATIONS)[number]

/** @throws UsageError for a name that is none of them. */
function parseAugmentations(text: string): Augmentation[] {
  return text.split(',').map((item) => {
    const found = AUGMENTATIONS.find((name) => name === item.trim())
    if (found) return found
    throw new UsageError(
      `--augment: expected some of ${AUGMENTATIONS.join(', ')}, with commas between them, got '${text}'`,
    )
  })
}

const lossFlags = {
  temperature: number({
    ...LOSS,
    min: 0.01,
    summary: "softens the teacher's class scores [default: 1 to 4, the more the surer the teacher is]",
  }),
  alpha: ratio({
    ...LOSS,
    summary:
      "the teacher's share of the loss, the labels have the rest [default: 0.5 of two classes, 0.9 of ten or more; 1 without labels]",
  }),
  feature: Flags.string({
    ...LOSS,
    multiple: true,
    multipleNonGreedy: true,
    summary: 'a hidden value of the teacher and the one of the student that learns it (repeatable)',
    helpValue: 'A:B',
  }),
  'feature-weight': number({...LOSS, min: 0, default: 1, summary: 'weight of each --feature beside the rest'}),
  loss: Flags.option({
    ...LOSS,
    options: ['auto', 'cross-entropy', 'binary', 'mse', 'cosine'] as const,
    default: 'auto' as const,
    summary: 'what is compared; auto goes by the last activation, the shape and the labels',
  })(),
}

export const trainingReportFlags = {
  report: Flags.string({
    summary: 'write a report: .md with a picture of loss and metric beside it, .svg or .json (repeatable)',
    helpValue: 'FILE',
    helpGroup: 'OUTPUT',
    multiple: true,
    multipleNonGreedy: true,
  }),
}

export const trainingFlags = {
  epochs: integer({...TRAINING, min: 1, default: 3, summary: 'times that all samples are seen'}),
  batch: integer({...TRAINING, min: 1, default: 64, summary: 'samples per update'}),
  optimizer: Flags.option({
    ...TRAINING,
    options: ['sgd', 'adam', 'adamw'] as const,
    default: 'adamw' as const,
    summary: 'how weights follow their gradients; sgd with momentum 0.9',
  })(),
  lr: numberOrAuto({
    ...TRAINING,
    default: 'auto',
    summary: 'highest learning rate; auto: chosen by short trainings on the data, a tenth of the updates',
  }),
  schedule: Flags.option({
    ...TRAINING,
    options: ['constant', 'cosine', 'linear'] as const,
    default: 'cosine' as const,
    summary: 'how the learning rate falls to 0',
  })(),
  reinit: Flags.boolean({...TRAINING, default: false, summary: 'start from new weights'}),
  augment: Flags.custom<readonly Augmentation[]>({parse: async (text) => parseAugmentations(text)})({
    ...TRAINING,
    summary: 'change training images anew in every epoch; a teacher then runs in every step',
    helpValue: 'flip,shift,crop',
  }),
  'batch-norm': Flags.option({
    ...TRAINING,
    options: ['running', 'batch'] as const,
    summary: 'statistics that BatchNormalization takes; running for batches under 16, else batch',
  })(),
  freeze: pattern({
    ...TRAINING,
    multiple: true,
    summary: 'leave weights alone whose name, or whose node, matches (repeatable)',
  }),
  patience: integer({...TRAINING, min: 1, summary: 'end after N epochs without a better metric'}),
  checkpoint: Flags.string({
    ...TRAINING,
    summary: 'keep the state of the training here after every epoch; else only on Ctrl-C, beside the output',
    helpValue: 'FILE',
  }),
  resume: Flags.boolean({...TRAINING, default: false, summary: 'go on from the checkpoint, where there is one'}),
  metric: Flags.string({
    ...TRAINING,
    summary: 'what chooses the best epoch: top1 top5 f1 precision recall auc rmse mae cross-entropy agreement',
    helpValue: 'NAME',
  }),
  'output-name': Flags.string({
    ...TRAINING,
    summary: 'the output that is trained and judged; the first',
    helpValue: 'NAME',
  }),
  ...lossFlags,
}

export interface TrainingFlagValues {
  readonly epochs: number
  readonly optimizer: 'sgd' | 'adam' | 'adamw'
  readonly lr: number | 'auto'
  readonly schedule: 'constant' | 'cosine' | 'linear'
  readonly reinit: boolean
  readonly augment?: readonly Augmentation[] | undefined
  readonly 'batch-norm'?: 'running' | 'batch' | undefined
  readonly freeze?: readonly RegExp[] | undefined
  readonly patience?: number | undefined
  readonly checkpoint?: string | undefined
  readonly resume: boolean
  readonly metric?: string | undefined
  readonly 'output-name'?: string | undefined
  readonly temperature?: number | undefined
  readonly alpha?: number | undefined
  readonly feature?: readonly string[] | undefined
  readonly 'feature-weight': number
  readonly loss: 'auto' | 'cross-entropy' | 'binary' | 'mse' | 'cosine'
}

export function trainingOptions(flags: TrainingFlagValues) {
  const {epochs, optimizer, schedule, patience, checkpoint, resume, metric, temperature, alpha, loss} = flags
  return {
    ...{epochs, optimizer, schedule, patience, checkpoint, resume, metric, temperature, alpha, loss},
    learningRate: flags.lr,
    reinitialize: flags.reinit,
    augment: flags.augment ?? [],
    batchNorm: flags['batch-norm'],
    freeze: flags.freeze ?? [],
    outputName: flags['output-name'],
    features: flags.feature ?? [],
    featureWeight: flags['feature-weight'],
  }
}
