import {openModel} from '../io/open-model.js'
import {type Dim, namesIn} from '../ir/dim.js'
import type {Model} from '../ir/model.js'
import type {Value} from '../ir/value.js'
import {inferModel} from '../ops/infer-graph.js'
import type {BatchAxes} from '../runtime/inputs/batch-axis.js'
import {fillOf} from '../runtime/inputs/input-fill.js'
import {batchAxes} from './batch-axes.js'
import {type Part, partsOf, type Tail, tailOf} from './output-tail.js'

/** What the graph says of an output. Plain data: the child that sees the numbers puts the two together. */
export interface OutputFacts {
  readonly name: string
  readonly tail: Tail
  readonly parts: readonly Part[] | undefined
  /** It was enlarged last, as the scores of a segmentation are. */
  readonly isEnlarged: boolean
  /** Its shape depends on values: two models may give different ones. */
  readonly isFreelyShaped: boolean
}

/** What the graph says of all outputs. */
export interface ModelFacts {
  readonly outputs: readonly OutputFacts[]
  /** Axes that count samples, by output. */
  readonly axes: BatchAxes
  /** Rows of the tables that ids are looked up in. */
  readonly vocabularies: readonly number[]
  /** Names of inputs that hold ids. */
  readonly ids: readonly string[]
}

const ENLARGING: ReadonlySet<string> = new Set(['Resize', 'Upsample', 'ConvTranspose', 'DepthToSpace'])

/** Reads a model for what its outputs are. The file is open only meanwhile. */
export async function readOutputFacts(path: string): Promise<ModelFacts> {
  const file = await openModel(path)
  try {
    return outputFacts(file.model)
  } finally {
    file.close()
  }
}

/** @param model its types are filled in, for any number of samples: give it one of its own. */
function outputFacts(model: Model): ModelFacts {
  const {graph} = model
  inferModel(model)
  const ids = graph.inputs.filter((input) => {
    const dtype = input.type?.kind === 'tensor' ? input.type.dtype : undefined
    return !input.constant && dtype !== undefined && /^int/.test(dtype) && fillOf(input, dtype).kind === 'integers'
  })
  const known = new Set(graph.inputs.flatMap((input) => shapeOf(input).flatMap(namesIn)))
  const outputs = graph.outputs.map((output) => ({
    name: output.name,
    tail: tailOf(output),
    parts: partsOf(output),
    isEnlarged: ENLARGING.has(output.producer?.opType ?? ''),
    isFreelyShaped: isFree(output, known),
  }))
  const names = outputs.map(({name}) => name)
  return {outputs, vocabularies: vocabularies(model), ids: ids.map(({name}) => name), axes: batchAxes(model, names)}
}

function shapeOf({type}: Value): readonly Dim[] {
  return (type?.kind === 'tensor' ? type.shape : undefined) ?? []
}

function isFree({type}: Value, known: ReadonlySet<string>): boolean {
  if (type?.kind !== 'tensor' || !type.shape) return true
  return type.shape.some((dim) => dim === undefined || namesIn(dim).some((name) => !known.has(name)))
}

function vocabularies({graph}: Model): number[] {
  const rows = graph.allNodes().flatMap(({opType, inputs: [table]}) => {
    const shape = opType === 'Gather' && table ? shapeOf(table) : []
    return shape.length === 2 && typeof shape[0] === 'number' ? [shape[0]] : []
  })
  return [...new Set(rows)]
}
