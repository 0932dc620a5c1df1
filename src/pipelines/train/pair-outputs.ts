import {UsageError} from '../../errors.js'
import {rowOf, shapeText} from '../../facts/output-row.js'
import type {Graph} from '../../ir/graph.js'
import type {Value} from '../../ir/value.js'

/** An output of the student and the teacher's that it is to be like. */
export interface Pair {
  readonly student: Value
  readonly teacher: Value
}

/**
 * Outputs of the same name; or, where names differ, the judged ones, and the others by their places when there are as many.
 * Those of numbers alone; the judged one is the first.
 */
export function pairOutputs(student: Graph, teacher: Graph | undefined, judged: Value): Pair[] {
  const own = student.outputs.filter(isFloats)
  const others = teacher?.outputs ?? []
  const named = own.flatMap((output) => {
    const other = others.find(({name}) => name === output.name)
    return other ? [{student: output, teacher: other}] : []
  })
  const byName = named.filter((pair) => pair.student === judged)
  if (byName.length > 0) return [...byName, ...named.filter((pair) => pair.student !== judged)]
  const {outputs} = student
  if (outputs.length !== others.length) return others[0] ? [{student: judged, teacher: others[0]}] : []
  const byPlace = outputs.map((output, index) => ({student: output, teacher: others[index] as Value}))
  const kept = byPlace.filter((pair) => pair.student === judged || isFloats(pair.student))
  return [...kept.filter((pair) => pair.student === judged), ...kept.filter((pair) => pair.student !== judged)]
}

function isFloats({type}: Value): boolean {
  return type?.kind === 'tensor' && /float/.test(type.dtype ?? 'float')
}

/**
 * Where both are known, a row of the teacher's must be as long as one of the student's.
 *
 * @param value what is compared: the teacher's output, or the scores behind it.
 * @throws UsageError when it is not.
 */
export function requireSameSizes(student: Value, value: Value, teacher: Value): void {
  const [own, other] = [student, value].map(rowOf)
  if (!own || !other) return
  const isSame = own.length === other.length && own.every((size, axis) => fits(size, other[axis]))
  if (isSame) return
  throw new UsageError(
    `the teacher's output '${teacher.name}' is ${shapeText(teacher)}, and the student's '${student.name}' ${shapeText(student)}`,
    {hint: 'Choose outputs that mean the same with --output-name, or a teacher with as many classes'},
  )
}

function fits(size: unknown, other: unknown): boolean {
  return typeof size !== 'number' || typeof other !== 'number' || size === other
}
