import {z} from 'zod'
import {dataWithoutBatch, TRANSFORM_ROOMS, trainedJudgeOptions} from './common.js'
import {field} from './field.js'
import {pattern} from './patterns.js'
import type {ReadOnly} from './read-only.js'
import {training} from './training.js'

const TRAINING = {group: 'TRAINING'}

const own = z.strictObject({
  sparsity: field(
    z.number().min(0).max(1).default(0.3),
    'share of the weights that become zero, or of the channels or heads that go',
    {typed: 'ratio'},
  ),
  structure: field(
    z.enum(['none', 'channel', 'head']).default('none'),
    'what goes. none: single weights become zero; channel, head: whole channels and units, or heads of attention, are removed',
  ),
  target: field(
    z.string().optional(),
    'with channel or head, in place of --sparsity: what is to be left, macs=0.5 or size=0.5 of the input',
    {helpValue: 'macs=SHARE'},
  ),
  roundTo: field(
    z.int().min(4).default(8),
    'with channel, widths stay multiples of this, itself a multiple of 4: others are slower, not faster',
  ),
  scope: field(
    z.enum(['global', 'layer']).default('global'),
    'the share of the whole model, from where it costs least, or the same share of every layer',
  ),
  criterion: field(
    z.enum(['magnitude', 'wanda']).optional(),
    'what is least important. magnitude: small weights; wanda, with channel or head: by what the samples of --data make of them [default: wanda where it can be]',
  ),
  repair: field(
    z.enum(['auto', 'none', 'least-squares']).default('auto'),
    'with channel or head and --data: fit what is left to what the whole model computes, without labels or training',
  ),
  exclude: field(z.array(pattern).default([]), 'leave nodes alone whose name or output matches (repeatable)', {
    ...{typed: 'patterns'},
  }),
  include: field(
    z.array(pattern).default([]),
    'prune nodes that match although a rule leaves them dense: layers whose state is fed back, widths that are normalized (repeatable)',
    {typed: 'patterns'},
  ),
})

const {reinitialize: _, schedule: __, ...shared} = training.shape

/** How a model is trained while it is pruned. */
export const recovery = z.strictObject({
  ...shared,
  epochs: field(z.int().min(0).default(0), 'times that all samples are seen; 0: no training', TRAINING),
  pace: field(
    z.enum(['oneshot', 'cubic']).optional(),
    'when weights go: all at once, or more and more of them while the others learn [default: cubic with --epochs]',
    {...TRAINING, flag: 'schedule'},
  ),
  teacher: field(
    z.string().optional(),
    'a model to learn from, beside labels or in their place; the dense one where there are no labels',
    {...TRAINING, typed: 'model'},
  ),
})

export const pruneOptions = z.strictObject({
  prune: own.prefault({}),
  training: recovery.prefault({}),
  ...TRANSFORM_ROOMS,
  data: dataWithoutBatch.prefault({}),
  judge: trainedJudgeOptions.prefault({}),
})
export type PruneOptions = ReadOnly<z.output<typeof pruneOptions>>
