import type {Model} from '../ir/model.js'

/** Rows per evaluation run: enough to keep the processor busy. */
const EVAL_BATCH = 64

/** Operators that take the range of their input from the whole batch. */
const DYNAMIC: ReadonlySet<string> = new Set(['DynamicQuantizeLinear', 'DynamicQuantizeMatMul', 'DynamicQuantizeLSTM'])

/** 1 for a model whose result for a sample depends on what else is in the batch, else 64. */
export function evalBatch({graph}: Model): number {
  return graph.allNodes().some(({opType}) => DYNAMIC.has(opType)) ? 1 : EVAL_BATCH
}
