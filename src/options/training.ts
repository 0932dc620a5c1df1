import {z} from 'zod'
import {dataWithoutBatch, outputOptions, TRANSFORM_ROOMS, type TransformOptions, trainedJudgeOptions} from './common.js'
import {field} from './field.js'
import {pattern} from './patterns.js'
import type {ReadOnly} from './read-only.js'

const TRAINING = {group: 'TRAINING'}
const LOSS = {group: 'LOSS'}

/** What all verbs share that train. */
export const training = z.strictObject({
  epochs: field(z.int().min(1).default(3), 'times that all samples are seen', TRAINING),
  batch: field(z.int().min(1).default(64), 'samples per update', TRAINING),
  optimizer: field(
    z.enum(['sgd', 'adam', 'adamw']).default('adamw'),
    'how weights follow their gradients; sgd with momentum 0.9',
    TRAINING,
  ),
  weightDecay: field(
    z.number().min(0).optional(),
    'weights shrink by X times the learning rate in every update; with sgd and adam an L2 penalty [default: 0.01 with adamw, else 0]',
    TRAINING,
  ),
  learningRate: field(
    z.union([z.literal('auto'), z.number().min(0)]).default('auto'),
    'highest learning rate; auto: chosen by short trainings on the data, a tenth of the updates',
    {...TRAINING, flag: 'lr', typed: 'number or auto'},
  ),
  schedule: field(
    z.enum(['constant', 'cosine', 'linear']).default('cosine'),
    'how the learning rate falls to 0',
    TRAINING,
  ),
  reinitialize: field(z.boolean().default(false), 'start from new weights', {...TRAINING, flag: 'reinit'}),
  augment: field(
    z.array(z.enum(['flip', 'shift', 'crop'])).default([]),
    'change training images anew in every epoch; a teacher then runs in every step',
    {...TRAINING, typed: 'augmentations'},
  ),
  batchNorm: field(
    z.enum(['running', 'batch']).optional(),
    'statistics that BatchNormalization takes; running for batches under 16, else batch',
    TRAINING,
  ),
  freeze: field(z.array(pattern).default([]), 'leave weights alone whose name, or whose node, matches (repeatable)', {
    ...TRAINING,
    typed: 'patterns',
  }),
  patience: field(z.int().min(1).optional(), 'end after N epochs without a better metric', TRAINING),
  checkpoint: field(
    z.string().optional(),
    'keep the state of the training here after every epoch; else only on Ctrl-C, beside the output',
    {...TRAINING, helpValue: 'FILE'},
  ),
  resume: field(z.boolean().default(false), 'go on from the checkpoint, where there is one', TRAINING),
  temperature: field(
    z.number().min(0.01).optional(),
    "softens the teacher's class scores [default: 1 to 4, the more the surer the teacher is]",
    LOSS,
  ),
  alpha: field(
    z.number().min(0).max(1).optional(),
    "the teacher's share of the loss, the labels have the rest [default: 0.5 of two classes, 0.9 of ten or more; 1 without labels]",
    {...LOSS, typed: 'ratio'},
  ),
  features: field(
    z.array(z.string()).default([]),
    'a hidden value of the teacher and the one of the student that learns it (repeatable)',
    {...LOSS, flag: 'feature', helpValue: 'A:B'},
  ),
  featureWeight: field(z.number().min(0).default(1), 'weight of each --feature beside the rest', LOSS),
  loss: field(
    z.enum(['auto', 'cross-entropy', 'binary', 'mse', 'cosine']).default('auto'),
    'what is compared; auto goes by the last activation, the shape and the labels',
    LOSS,
  ),
})
export type TrainingOptions = ReadOnly<z.output<typeof training>>

const trainedOutput = outputOptions.extend({
  reports: field(
    z.array(z.string()).default([]),
    'write a report: .md with a picture of loss and metric beside it, .svg or .json (repeatable)',
    {flag: 'report', helpValue: 'FILE'},
  ),
})

const ROOMS = {
  ...TRANSFORM_ROOMS,
  training: training.prefault({}),
  output: trainedOutput.prefault({}),
  data: dataWithoutBatch.prefault({}),
  judge: trainedJudgeOptions.prefault({}),
}

/** The rooms of a training, whatever the verb. */
export interface TrainingRooms extends TransformOptions {
  readonly training: TrainingOptions
  readonly output: ReadOnly<z.output<typeof trainedOutput>>
}

export const finetuneOptions = z.strictObject({
  finetune: z
    .strictObject({
      teacher: field(z.string().optional(), 'a model to learn from, beside labels or in their place', {typed: 'model'}),
    })
    .prefault({}),
  ...ROOMS,
})
export type FinetuneOptions = ReadOnly<z.output<typeof finetuneOptions>>

export const distillOptions = z.strictObject({
  distill: z.strictObject({student: field(z.string(), 'the model that learns', {typed: 'model'})}),
  ...ROOMS,
})
export type DistillOptions = ReadOnly<z.output<typeof distillOptions>>
