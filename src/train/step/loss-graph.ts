import {differentiableCopy} from '../../autodiff/differentiable-copy.js'
import type {Model} from '../../ir/model.js'
import {tensorType} from '../../ir/types.js'
import {addTeacher, type TeacherValues} from './add-teacher.js'
import {becomeInput, removeUnused} from './graph-values.js'
import {lossOf} from './loss-of.js'
import {untieConstants} from './parameters.js'
import type {StepGraph} from './step-graph.js'
import type {TargetPort, TeacherPort} from './step-loss.js'
import type {StepOptions} from './step-options.js'
import {trainNormalizations} from './trained-normalization.js'

/** The loss of a step without its gradients, for samples that no update sees. */
export interface LossGraph {
  /** Inputs of the original, weights and targets → the loss of one batch. */
  readonly model: Model
  readonly loss: string
  readonly labels: TargetPort | undefined
  readonly teachers: readonly TeacherPort[]
}

/**
 * @param original as `buildStep` took it.
 * @param step made of it; its parameters and statistics are inputs here too, under the same names.
 * @param options those of the step; `batchStatistics` may differ.
 */
export function buildLoss(original: Model, step: StepGraph, options: StepOptions): LossGraph {
  let teacherValue: TeacherValues | undefined
  const {model, specOf, outputs} = differentiableCopy(original, {
    inputShapes: options.inputShapes,
    prepare(graph, specOfCopy) {
      untieConstants(graph, specOfCopy)
      if (options.batchStatistics) trainNormalizations(graph)
      if (options.teacher) teacherValue = addTeacher(graph, options.teacher, original.opsets.get('') ?? 1)
    },
  })
  const {graph} = model
  const {loss, labels, teachers} = lossOf({graph, outputs, specOf}, options, teacherValue)
  removeUnused(graph, loss)
  graph.addOutput(loss)
  const names = new Set([...step.parameters, ...step.statistics].map(({name}) => name))
  for (const value of graph.constants()) if (names.delete(value.name)) becomeInput(graph, value)
  // who trains feeds them all, the running statistics too that a batch does without
  for (const {name, shape} of [...step.parameters, ...step.statistics]) {
    if (names.has(name)) graph.addInput(name, tensorType('float32', shape))
  }
  return {model, loss: loss.name, labels, teachers}
}
