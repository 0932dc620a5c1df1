import {conv} from '../conv/conv.js'
import {gemm} from '../linear/gemm.js'
import {refuse} from '../op-spec.js'
import {FUSED_FORM} from '../slots.js'
import {inMicrosoftDomain} from './contrib.js'

const FUSED = refuse('it is fused with its activation already: quantize the model before ONNX Runtime optimizes it')

/** FusedConv: Conv, then an optional addition of Z, then an activation. */
export const fusedConv = inMicrosoftDomain({...conv, type: 'FusedConv', gradient: FUSED_FORM, quantize: FUSED})

/** FusedGemm: Gemm, then an activation. */
export const fusedGemm = inMicrosoftDomain({...gemm, type: 'FusedGemm', gradient: FUSED_FORM, quantize: FUSED})
