import {fixExpandTarget} from './fix-expand-target.js'
import {fixReshapeTarget} from './fix-reshape-target.js'
import {foldConstants} from './fold-constants.js'
import {foldIntoNextWeights} from './fold-into-next-weights.js'
import {foldIntoWeights} from './fold-into-weights.js'
import {foldPad} from './fold-pad.js'
import {foldScaleBackward} from './fold-scale-backward.js'
import {foldShapeArithmetic} from './fold-shape-arithmetic.js'
import {fuseGelu, fuseOrtGelu} from './fuse-gelu.js'
import {fuseGemm} from './fuse-gemm.js'
import {fuseGlobalAveragePool} from './fuse-global-average-pool.js'
import {fuseHardSigmoid} from './fuse-hard-sigmoid.js'
import {fuseHardSwish} from './fuse-hard-swish.js'
import {fuseLayerNormalization, fuseOrtLayerNormalization} from './fuse-layer-normalization.js'
import {fuseSliceSqueeze} from './fuse-slice-squeeze.js'
import {fuseSoftmax} from './fuse-softmax.js'
import {fuseTransposeIntoGemm} from './fuse-transpose-into-gemm.js'
import {inlineFunctions} from './inline-functions.js'
import {inlineIf} from './inline-if.js'
import {mergeCasts} from './merge-casts.js'
import {mergeConstantOperands} from './merge-constant-operands.js'
import {mergeConstants} from './merge-constants.js'
import {mergeEqualNodes} from './merge-equal-nodes.js'
import {mergeReshapes} from './merge-reshapes.js'
import {mergeSizes} from './merge-sizes.js'
import {mergeTransposes} from './merge-transposes.js'
import {removeCast} from './remove-cast.js'
import {removeDead} from './remove-dead.js'
import {removeDropout} from './remove-dropout.js'
import {removeExpand} from './remove-expand.js'
import {removeIdentity} from './remove-identity.js'
import {removeInverses} from './remove-inverses.js'
import {removeNeutralOperand} from './remove-neutral-operand.js'
import {removePad} from './remove-pad.js'
import {removeReshape} from './remove-reshape.js'
import {removeSingleInput} from './remove-single-input.js'
import {removeSlice} from './remove-slice.js'
import {removeTranspose} from './remove-transpose.js'
import {removeWhere} from './remove-where.js'
import {removeZeroState} from './remove-zero-state.js'
import {type Rule, ruleOf} from './rule.js'
import {selectEarly} from './select-early.js'
import {splitResidual} from './split-residual.js'
import {swapScaleAndOffset} from './swap-scale-and-offset.js'

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
