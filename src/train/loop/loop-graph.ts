import {GraphBuilder} from '../../ir/build.js'
import {copyInto} from '../../ir/copy-graph.js'
import {Graph} from '../../ir/graph.js'
import type {Model} from '../../ir/model.js'
import {tensorType} from '../../ir/types.js'
import type {Value} from '../../ir/value.js'
import {graphArithmetic, type Term} from '../step/graph-arithmetic.js'
import type {StepGraph, StepParameter} from '../step/step-graph.js'
import type {OptimizerSpec} from './optimizer-spec.js'
import {type UpdateMoment, type UpdateRule, updateRule} from './update-rule.js'

/** Names of the loop's own inputs and outputs; those of the step keep theirs, with an axis for the updates in front of samples. */
export const LOOP = {
  /** How many updates: int64, a scalar. */
  updates: 'loop_updates',
  /** A loss per update. */
  losses: 'loop_losses',
  /** A number of the rule, one per update, for parameters that decay or not. */
  number: (name: string, decays: boolean): string => `loop_${name}_${decays ? 'decays' : 'stays'}`,
  moment: (parameter: string, slot: number): string => `loop_moment_${slot}_${parameter}`,
  /** What becomes of a weight or moment of this name. */
  next: (name: string): string => `loop_next_${name}`,
} as const

/** Sizes that differ from run to run. */
const UPDATES = 'updates'

/**
 * Several updates as one graph: an ONNX `Loop` whose body is the training step with the optimizer's rule behind it. Weights and
 * moments go from one update to the next inside of the runtime.
 *
 * @param step without running statistics; not modified.
 */
export function loopGraph(step: Pick<StepGraph, 'model' | 'loss' | 'parameters'>, optimizer: OptimizerSpec): Model {
  const graph = new Graph('loop')
  const outer = new GraphBuilder(graph)
  const rule = updateRule(optimizer)
  const updates = graph.addInput(LOOP.updates, tensorType('int64', []))
  const chunks = dataInputs(step).map((value) => ({value, chunk: chunkInput(graph, value)}))
  const numbers = numberInputs(graph, rule, step.parameters)
  const names = carriedNames(step.parameters, rule)
  const carried = names.map(({name, shape}) => graph.addInput(name, tensorType('float32', shape)))
  const body = loopBody(graph, {step, rule, chunks, numbers, names})
  const results = outer.node(
    'Loop',
    [updates, outer.scalar(1, 'bool'), ...carried],
    {body},
    {
      outputs: [...names.map(({name}) => LOOP.next(name)), LOOP.losses],
    },
  ).outputs as Value[]
  results.forEach((value, index) => {
    value.type = tensorType('float32', names[index]?.shape ?? [UPDATES])
    graph.addOutput(value)
  })
  return {...step.model, graph}
}

/** The numbers of a rule that differ from update to update. */
export function changingNumbers(rule: UpdateRule): string[] {
  const moment: UpdateMoment = {learningRate: 0.1, step: 1, gradientScale: 1, decays: true}
  const [early, late] = [rule.numbersAt(moment), rule.numbersAt({...moment, learningRate: 0.2, step: 7})]
  return Object.keys(early).filter((name) => early[name] !== late[name])
}

interface Carried {
  readonly name: string
  readonly shape: readonly number[]
}

/** Weights, then first moments, then second ones. */
function carriedNames(parameters: readonly StepParameter[], {slots}: UpdateRule): Carried[] {
  const moments = Array.from({length: slots}, (_, slot) =>
    parameters.map(({name, shape}) => ({name: LOOP.moment(name, slot), shape})),
  )
  return [...parameters.map(({name, shape}) => ({name, shape})), ...moments.flat()]
}

function dataInputs({model, parameters}: Pick<StepGraph, 'model' | 'parameters'>): Value[] {
  const trained = new Set(parameters.map(({name}) => name))
  return model.graph.inputs.filter(({name}) => !trained.has(name))
}

function chunkInput(graph: Graph, {name, type}: Value): Value {
  if (type?.kind !== 'tensor' || !type.shape) throw new TypeError(`input '${name}' of a step has no known shape`)
  return graph.addInput(name, tensorType(type.dtype, [UPDATES, ...type.shape]))
}

function numberInputs(graph: Graph, rule: UpdateRule, parameters: readonly StepParameter[]): Map<string, Value> {
  const kinds = [...new Set(parameters.map(({decays}) => decays))]
  const names = kinds.flatMap((decays) => changingNumbers(rule).map((name) => LOOP.number(name, decays)))
  return new Map(names.map((name) => [name, graph.addInput(name, tensorType('float32', [UPDATES]))]))
}

interface BodyParts {
  readonly step: Pick<StepGraph, 'model' | 'loss' | 'parameters'>
  readonly rule: UpdateRule
  readonly chunks: readonly {readonly value: Value; readonly chunk: Value}[]
  readonly numbers: ReadonlyMap<string, Value>
  readonly names: readonly Carried[]
}

function loopBody(outer: Graph, {step, rule, chunks, numbers, names}: BodyParts): Graph {
  const graph = new Graph('update', outer)
  const build = new GraphBuilder(graph)
  const place = graph.addInput(graph.names.fresh('place'), tensorType('int64', []))
  const goesOn = graph.addInput(graph.names.fresh('goes_on'), tensorType('bool', []))
  const carried = names.map(({name, shape}) => graph.addInput(graph.names.fresh(name), tensorType('float32', shape)))
  const at = (values: Value): Value => build.op('Gather', [values, place], {axis: 0})
  const byName = new Map(step.model.graph.inputs.map((value) => [value.name, value]))
  const known = new Map(chunks.map(({value, chunk}): [Value, Value] => [value, at(chunk)]))
  for (const [index, {name}] of step.parameters.entries()) known.set(byName.get(name) as Value, carried[index] as Value)
  const outputs = copyInto(step.model.graph, {graph, known})
  const outputOf = (name: string): Value => {
    return outputs[step.model.graph.outputs.findIndex((value) => value.name === name)] as Value
  }
  const present = new Map([...numbers].map(([name, values]): [string, Term] => [name, at(values)]))
  const count = step.parameters.length
  const next = step.parameters.map(({gradient, decays}, index) => {
    const known = rule.numbersAt({learningRate: 0, step: 1, gradientScale: 1, decays})
    const all = Object.keys(known).map((name): [string, Term] => {
      return [name, present.get(LOOP.number(name, decays)) ?? (known[name] as number)]
    })
    const moments = Array.from({length: rule.slots}, (_, slot) => carried[(slot + 1) * count + index] as Value)
    const arrays = {weight: carried[index] as Value, gradient: outputOf(gradient), moments}
    return rule.next<Term>(graphArithmetic(build), arrays, Object.fromEntries(all))
  })
  const moved = [
    ...next.map(({weight}) => weight),
    ...Array.from({length: rule.slots}, (_, slot) => next.map(({moments}) => moments[slot] as Term)).flat(),
  ]
  build.output(build.op('Identity', [goesOn]))
  for (const value of moved) build.output(value as Value)
  build.output(outputOf(step.loss))
  return graph
}
