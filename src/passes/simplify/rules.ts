import {type Rule, ruleOf} from './rule.js'
import {fixExpandTarget} from './rules/fix-expand-target.js'
import {fixReshapeTarget} from './rules/fix-reshape-target.js'
import {foldConstants} from './rules/fold-constants.js'
import {foldIntoNextWeights} from './rules/fold-into-next-weights.js'
import {foldIntoWeights} from './rules/fold-into-weights.js'
import {foldPad} from './rules/fold-pad.js'
import {foldScaleBackward} from './rules/fold-scale-backward.js'
import {foldShapeArithmetic} from './rules/fold-shape-arithmetic.js'
import {fuseGelu, fuseOrtGelu} from './rules/fuse-gelu.js'
import {fuseGemm} from './rules/fuse-gemm.js'
import {fuseGlobalAveragePool} from './rules/fuse-global-average-pool.js'
import {fuseHardSigmoid} from './rules/fuse-hard-sigmoid.js'
import {fuseHardSwish} from './rules/fuse-hard-swish.js'
import {fuseLayerNormalization, fuseOrtLayerNormalization} from './rules/fuse-layer-normalization.js'
import {fuseSliceSqueeze} from './rules/fuse-slice-squeeze.js'
import {fuseSoftmax} from './rules/fuse-softmax.js'
import {fuseTransposeIntoGemm} from './rules/fuse-transpose-into-gemm.js'
import {inlineFunctions} from './rules/inline-functions.js'
import {inlineIf} from './rules/inline-if.js'
import {mergeCasts} from './rules/merge-casts.js'
import {mergeConstantOperands} from './rules/merge-constant-operands.js'
import {mergeConstants} from './rules/merge-constants.js'
import {mergeEqualNodes} from './rules/merge-equal-nodes.js'
import {mergeReshapes} from './rules/merge-reshapes.js'
import {mergeSizes} from './rules/merge-sizes.js'
import {mergeTransposes} from './rules/merge-transposes.js'
import {moveTransposes} from './rules/move-transposes.js'
import {removeCast} from './rules/remove-cast.js'
import {removeDead} from './rules/remove-dead.js'
import {removeDropout} from './rules/remove-dropout.js'
import {removeExpand} from './rules/remove-expand.js'
import {removeIdentity} from './rules/remove-identity.js'
import {removeInverses} from './rules/remove-inverses.js'
import {removeNeutralOperand} from './rules/remove-neutral-operand.js'
import {removePad} from './rules/remove-pad.js'
import {removeReshape} from './rules/remove-reshape.js'
import {removeSingleInput} from './rules/remove-single-input.js'
import {removeSlice} from './rules/remove-slice.js'
import {removeTranspose} from './rules/remove-transpose.js'
import {removeWhere} from './rules/remove-where.js'
import {removeZeroState} from './rules/remove-zero-state.js'
import {selectEarly} from './rules/select-early.js'
import {sinkTransposes} from './rules/sink-transposes.js'
import {splitResidual} from './rules/split-residual.js'
import {swapScaleAndOffset} from './rules/swap-scale-and-offset.js'

/** Every rule of `simplify`, in the order of a round. Rounds are repeated until none changes anything. */
export const RULES: readonly Rule[] = [
  // what hides nodes
  inlineFunctions,
  ruleOf(inlineIf),
  // what does nothing
  ruleOf(removeIdentity),
  removeDropout,
  ruleOf(removeCast),
  ruleOf(mergeCasts),
  ruleOf(removeTranspose),
  ruleOf(mergeTransposes),
  sinkTransposes,
  moveTransposes,
  ruleOf(removeInverses),
  ruleOf(removeSingleInput),
  removeSlice,
  removeExpand,
  removePad,
  ruleOf(removeReshape),
  mergeReshapes,
  ruleOf(removeWhere),
  removeNeutralOperand,
  ruleOf(removeZeroState),
  // what is known in advance
  foldShapeArithmetic,
  fixReshapeTarget,
  fixExpandTarget,
  mergeSizes,
  foldConstants,
  // what is there twice
  ruleOf(mergeConstants),
  ruleOf(mergeEqualNodes),
  // fusions
  // patterns first: what they consist of must not be folded elsewhere
  fuseLayerNormalization,
  fuseOrtLayerNormalization,
  fuseGelu,
  fuseOrtGelu,
  fuseSoftmax,
  ruleOf(fuseHardSigmoid),
  fuseHardSwish,
  ruleOf(fuseGlobalAveragePool),
  ruleOf(fuseSliceSqueeze),
  ruleOf(fuseTransposeIntoGemm),
  foldPad,
  ruleOf(foldIntoWeights),
  ruleOf(foldIntoNextWeights),
  ruleOf(swapScaleAndOffset),
  ruleOf(foldScaleBackward),
  ruleOf(mergeConstantOperands),
  ruleOf(selectEarly),
  fuseGemm,
  splitResidual,
  ruleOf(removeDead),
]

export const RULE_NAMES: readonly string[] = RULES.map(({name}) => name)

/** Rules that quantization gains nothing by, or that would hide from it what it looks for. */
const NOT_BEFORE_QUANTIZATION: ReadonlySet<string> = new Set([
  // a constant that several nodes share could no longer be quantized for each
  'merge-constants',
  // patterns it has integer forms for
  ...['fuse-hard-sigmoid', 'fuse-hard-swish', 'fuse-global-average-pool', 'swap-scale-and-offset'],
  // Adds it has an integer form for: it splits those that are left itself
  'residual-as-sum',
  // products it has integer forms for
  ...['fuse-gemm', 'fuse-transpose-into-gemm', 'fold-into-next-weights'],
  // products would become too small for integer kernels
  'select-early',
])

/** What `quantize` runs first: nothing that only ONNX Runtime can run. */
export const PREPARATION: readonly Rule[] = RULES.filter(
  ({name, fuseOrt}) => !fuseOrt && !NOT_BEFORE_QUANTIZATION.has(name),
)
