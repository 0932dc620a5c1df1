import {z} from 'zod'
import {file, writing} from './common.js'

/** One epoch of a training. */
export const trainedEpoch = z.object({
  /** Counted from 1. */
  epoch: z.number(),
  trainLoss: z.number(),
  /** On held-out samples, by the weights at the end of the epoch. */
  metric: z.number().nullable(),
  /** The training's own loss there, only where the metric was that of the best epoch before. */
  heldOutLoss: z.number().optional(),
  learningRate: z.number(),
  samplesPerSecond: z.number(),
})
export type TrainedEpoch = z.infer<typeof trainedEpoch>

const facts = {
  teacher: file.nullable(),
  /** Where what the teacher gave was kept for the training; `graph`: it ran in every step. */
  teacherOutputs: z.object({kept: z.enum(['memory', 'disk', 'graph']), bytes: z.number()}).nullable(),
  history: z.array(trainedEpoch),
  /** The epoch whose weights were kept; 0 when none was better than the start. */
  bestEpoch: z.number(),
  /** Updates of the weights. */
  steps: z.number(),
  /** The highest; `tried`, when it was chosen, the mean loss on held-out samples after a short training at each rate, null where it diverged. */
  learningRate: z
    .object({
      value: z.number(),
      chosen: z.enum(['auto', 'given']),
      tried: z.array(z.object({value: z.number(), loss: z.number().nullable()})),
    })
    .optional(),
  /** The teacher's share of the loss and its temperature, and which of the two a rule chose; null without a teacher. */
  teaching: z
    .object({
      alpha: z.number(),
      temperature: z.number().nullable(),
      chosen: z.array(z.enum(['alpha', 'temperature'])),
    })
    .nullable()
    .optional(),
  /** What was made smaller: `0.9 x distillation of 'logits', temperature 4`. */
  losses: z.array(z.string()),
  /** Why it ended before its last epoch. */
  stopped: z.string().nullable(),
}

/** A training that is part of another verb's work. */
export const trainingFacts = z.object(facts)
export type TrainingFacts = z.infer<typeof trainingFacts>

const training = {
  ...writing,
  ...facts,
  /** The model that was trained, before. For `distill`, `input` is the teacher. */
  student: file,
  /** Whether the training began with new weights: what the student's file had is not the start then. */
  reinitialized: z.boolean(),
  /** On held-out samples; by labels, or by what the teacher gives. */
  metric: z.object({
    name: z.string(),
    before: z.number(),
    after: z.number().nullable(),
    teacher: z.number().nullable(),
    samples: z.number(),
  }),
}

export const distillResult = z.object(training)
export type DistillResult = z.infer<typeof distillResult>
export const finetuneResult = z.object(training)
export type FinetuneResult = z.infer<typeof finetuneResult>
export type TrainingResult = DistillResult | FinetuneResult
