import {UnsupportedError, UsageError} from '../errors.js'
import {copyInto} from '../ir/copy-graph.js'
import type {Graph} from '../ir/graph.js'
import type {Model} from '../ir/model.js'
import type {Value} from '../ir/value.js'

/** A model whose outputs the student learns. Its weights stay as they are. */
export interface Teacher {
  readonly model: Model
  /** The first when absent. */
  readonly output?: string | undefined
}

/**
 * Copies a teacher into a student's graph, before types are filled in. It reads the inputs of the student that have its names, or
 * the only one there is.
 *
 * @param opset version of the student's standard domain.
 * @returns the teacher's output there.
 * @throws UnsupportedError when the two are of different opsets, UsageError when inputs or outputs do not match.
 */
export function addTeacher(graph: Graph, {model, output}: Teacher, opset: number): Value {
  const own = model.opsets.get('') ?? model.opsets.get('ai.onnx') ?? 1
  if (own !== opset) {
    throw new UnsupportedError(`the teacher is of opset ${own} and the student of opset ${opset}`, {
      hint: 'Bring both to one opset with mopt simplify --opset',
    })
  }
  const known = new Map<Value, Value>()
  for (const input of model.graph.inputs) known.set(input, inputFor(graph, model, input))
  const made = copyInto(model.graph, {graph, known})
  const names = model.graph.outputs.map(({name}) => name)
  const value = made[output === undefined ? 0 : names.indexOf(output)]
  if (value) return value
  throw new UsageError(`output '${output ?? ''}': the teacher has no such output`, {
    hint: `Its outputs: ${names.join(', ')}`,
  })
}

function inputFor(graph: Graph, teacher: Model, input: Value): Value {
  const named = graph.inputs.find(({name}) => name === input.name)
  const [only] = graph.inputs
  if (named) return named
  if (only && graph.inputs.length === 1 && teacher.graph.inputs.length === 1) return only
  throw new UsageError(`the teacher's input '${input.name}': the student has no input of that name`, {
    hint: `Rename one of them; the student's inputs: ${graph.inputs.map(({name}) => name).join(', ')}`,
  })
}
