import {fixExpandTarget} from './fix-expand-target.js'
import {fixReshapeTarget} from './fix-reshape-target.js'
import {foldBatchNormalization} from './fold-batch-normalization.js'
import {foldConstants} from './fold-constants.js'
import {foldShapeArithmetic} from './fold-shape-arithmetic.js'
import {inlineFunctions} from './inline-functions.js'
import {inlineIf} from './inline-if.js'
import {mergeCasts} from './merge-casts.js'
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
import {type Rule, ruleOf} from './rule.js'

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
  ruleOf(foldBatchNormalization),
  ruleOf(removeDead),
]

export const RULE_NAMES: readonly string[] = RULES.map(({name}) => name)
