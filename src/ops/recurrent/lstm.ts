import {lstmGradient} from './lstm-gradient.js'
import {recurrent} from './recurrent.js'

/** LSTM: gates i, o, f, c; outputs Y, Y_h, Y_c. ONNX LSTM-1, 7, 14, 22. */
export const lstm = recurrent('LSTM', 4, lstmGradient)
