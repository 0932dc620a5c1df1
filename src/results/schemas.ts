import {benchResult} from './bench.js'
import {doctorResult} from './doctor.js'
import {inspectResult} from './inspect.js'
import {pruneGroupsResult, pruneResult} from './prune.js'
import {quantizePlanResult, quantizeResult, quantizeSensitivityResult} from './quantize.js'
import {simplifyResult} from './simplify.js'
import {distillResult, finetuneResult} from './training.js'

/** The document of every verb. */
export const RESULT_SCHEMAS = {
  bench: benchResult,
  distill: distillResult,
  doctor: doctorResult,
  finetune: finetuneResult,
  inspect: inspectResult,
  prune: pruneResult,
  'prune-groups': pruneGroupsResult,
  quantize: quantizeResult,
  'quantize-plan': quantizePlanResult,
  'quantize-sensitivity': quantizeSensitivityResult,
  simplify: simplifyResult,
} as const
