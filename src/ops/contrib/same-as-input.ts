import {rotaryEmbedding} from '../attention/rotary-embedding.js'
import {gridSample} from '../movement/grid-sample.js'
import {trilu} from '../movement/select.js'
import type {OpSpec} from '../op-spec.js'
import {operand} from '../operand.js'
import {record} from '../record.js'
import {KEPT_FLOAT, sameAsFirst} from '../slots.js'
import {inMicrosoftDomain} from './contrib.js'

/** Operators whose result has type and shape of their first input: normalized or biased. */
const TYPES = ['BiasSoftmax', 'GroupNorm', 'Inverse'] as const

export const sameAsInput: readonly OpSpec[] = TYPES.map((type) =>
  inMicrosoftDomain(record({type, sinceOpset: 1, infer: sameAsFirst, quantize: KEPT_FLOAT})),
)

export const microsoftRotaryEmbedding = inMicrosoftDomain(rotaryEmbedding)

/** SkipGroupNorm: input + skip (+ bias), then group normalization; also the sum. */
export const skipGroupNorm = inMicrosoftDomain(
  record({
    type: 'SkipGroupNorm',
    sinceOpset: 1,
    infer: (node) => [operand(node, 0), operand(node, 0)],
    quantize: KEPT_FLOAT,
  }),
)

/** Operators ONNX has taken over since; files from before name them here. */
export const earlierOwn: readonly OpSpec[] = [trilu, gridSample].map(inMicrosoftDomain)
