import type {SpecOf} from '../../autodiff/backward.js'
import type {Graph} from '../../ir/graph.js'
import type {Value} from '../../ir/value.js'
import type {TeacherValues} from './add-teacher.js'
import {chooseValue} from './graph-values.js'
import {type StepLoss, writeLoss} from './step-loss.js'
import type {StepOptions} from './step-options.js'
import {TypedBuilder} from './typed-builder.js'

interface Copy {
  readonly graph: Graph
  readonly outputs: ReadonlyMap<string, Value>
  readonly specOf: SpecOf
}

/** Writes the loss behind a copy of the model. */
export function lossOf(
  {graph, outputs, specOf}: Copy,
  options: StepOptions,
  teacherValue: TeacherValues | undefined,
): StepLoss {
  const studentValue = (name = options.output): Value => chooseValue(graph, outputs, name)
  const compared = {studentValue, teacherValue, teacherShape: shapesOf(options)}
  return writeLoss(new TypedBuilder(graph, specOf), compared, options.losses)
}

/** Of what a cached teacher gives, for a whole batch. */
function shapesOf({teacherShapes, inputShapes}: StepOptions) {
  if (!teacherShapes) return undefined
  const [batch = 1] = Object.values(inputShapes)[0] ?? []
  return (name: string | undefined): readonly number[] | undefined => {
    const rest = teacherShapes.get(name ?? '')
    return rest && [batch, ...rest]
  }
}
