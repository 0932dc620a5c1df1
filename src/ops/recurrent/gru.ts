import {gruGradient} from './gru-gradient.js'
import {recurrent} from './recurrent.js'

/** GRU: gates z, r, h; outputs Y, Y_h. ONNX GRU-1, 3, 7, 14, 22. */
export const gru = recurrent('GRU', 3, gruGradient)
