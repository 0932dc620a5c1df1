import {UnsupportedError, UsageError} from '../../errors.js'
import {copyInto} from '../../ir/copy-graph.js'
import type {Graph} from '../../ir/graph.js'
import type {Model} from '../../ir/model.js'
import {ownEntry} from '../../ir/own-entry.js'
import type {Value} from '../../ir/value.js'

/** A model whose outputs the student learns, computed beside it. Its weights stay as they are. */
export interface Teacher {
  readonly model: Model
  /** The teacher's input → the student's that feeds it, where the names differ. */
  readonly inputs?: Readonly<Record<string, string>> | undefined
}

/** The teacher's values in the student's graph by their own names; the first output for undefined. */
export type TeacherValues = (name: string | undefined) => Value

/**
 * Copies a teacher into a student's graph, before types are filled in. It reads the inputs of the student that have its names, or
 * the only one there is.
 *
 * @param opset version of the student's standard domain.
 * @throws UnsupportedError when the two are of different opsets, UsageError when inputs do not match.
 */
export function addTeacher(graph: Graph, {model, inputs = {}}: Teacher, opset: number): TeacherValues {
  const own = model.opsets.get('') ?? model.opsets.get('ai.onnx') ?? 1
  if (own !== opset) {
    throw new UnsupportedError(`the teacher is of opset ${own} and the student of opset ${opset}`, {
      hint: 'Bring both to one opset with mopt simplify --opset',
    })
  }
  const known = new Map<Value, Value>()
  for (const input of model.graph.inputs) known.set(input, inputFor(graph, model, input, ownEntry(inputs, input.name)))
  copyInto(model.graph, {graph, known})
  const byName = new Map([...known].map(([original, copy]) => [original.name, copy]))
  return (name = model.graph.outputs[0]?.name ?? '') => {
    const value = byName.get(name)
    if (value) return value
    throw new UsageError(`the teacher has no value '${name}'`, {
      hint: `Its outputs: ${model.graph.outputs.map((output) => output.name).join(', ')}`,
    })
  }
}

function inputFor(graph: Graph, teacher: Model, input: Value, wanted = input.name): Value {
  const named = graph.inputs.find(({name}) => name === wanted)
  const [only] = graph.inputs
  if (named) return named
  if (only && graph.inputs.length === 1 && teacher.graph.inputs.length === 1) return only
  throw new UsageError(`the teacher's input '${input.name}': the student has no input of that name`, {
    hint: `Rename one of them; the student's inputs: ${graph.inputs.map(({name}) => name).join(', ')}`,
  })
}
