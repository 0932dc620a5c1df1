import type {Graph} from '../../../ir/graph.js'
import {isDepthwise} from '../kernels/is-depthwise.js'

/** What `--tune` may choose against the rules; by rule where absent. */
export interface Tuning {
  /** Float up to this place between layers, counted from 1; 0: integers from the first layer on. */
  readonly floatPrefix?: number
  /** SiLU on integers only. */
  readonly integerSilu?: boolean
  /** Depthwise convolutions in float. */
  readonly floatDepthwise?: boolean
  /** The last weighted layer in float. */
  readonly floatHead?: boolean
  /** MatMuls of sequences with the ranges of the samples, not of each run. */
  readonly staticProducts?: boolean
  /** Products on integers whatever their size. */
  readonly allProducts?: boolean
  /** No product on integers but large ones. */
  readonly largeProducts?: boolean
  /** LSTMs in float. */
  readonly floatRecurrent?: boolean
}

export interface Alternative {
  readonly name: string
  readonly tuning: Tuning
}

/** Something that rules can't settle on every machine, and the other answers there are. */
export interface Question {
  readonly title: string
  readonly alternatives: readonly Alternative[]
}

/** Places between layers that are worth a try: farther on integers win everywhere. */
const LAST_PREFIX = 7

/** The questions a graph raises, before it is quantized. @param isStatic whether there are samples to take ranges from. */
export function tuningQuestions(graph: Graph, isStatic: boolean): Question[] {
  const types = new Set(graph.nodes().map(({opType}) => opType))
  const products = types.has('MatMul') || types.has('Gemm')
  const asked = isStatic ? staticQuestions(graph, types) : dynamicQuestions(types, products)
  return asked.filter(({alternatives}) => alternatives.length > 0)
}

function staticQuestions(graph: Graph, types: ReadonlySet<string>): Question[] {
  const all = {title: 'MatMuls of sequences', alternatives: [{name: 'static', tuning: {staticProducts: true}}]}
  return [
    {title: 'first layers', alternatives: types.has('Conv') ? prefixes() : []},
    {
      title: 'SiLU',
      alternatives: types.has('Sigmoid') ? [{name: 'on integers', tuning: {integerSilu: true}}] : [],
    },
    {
      title: 'depthwise convolutions',
      alternatives: graph.nodes().some(isDepthwise) ? [{name: 'float', tuning: {floatDepthwise: true}}] : [],
    },
    {title: 'last layer', alternatives: [{name: 'float', tuning: {floatHead: true}}]},
    ...(types.has('MatMul') ? [all] : []),
  ]
}

function prefixes(): Alternative[] {
  return Array.from({length: LAST_PREFIX + 1}, (_, floatPrefix) => ({
    name: floatPrefix === 0 ? 'on integers' : `float, to place ${floatPrefix} between layers`,
    tuning: {floatPrefix},
  }))
}

function dynamicQuestions(types: ReadonlySet<string>, products: boolean): Question[] {
  const sizes = [
    {name: 'all on integers', tuning: {allProducts: true}},
    {name: 'large ones on integers', tuning: {largeProducts: true}},
  ]
  return [
    {title: 'products', alternatives: products ? sizes : []},
    {title: 'LSTM', alternatives: types.has('LSTM') ? [{name: 'float', tuning: {floatRecurrent: true}}] : []},
  ]
}
