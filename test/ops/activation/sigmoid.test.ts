import * as file from '../../../src/ops/activation/sigmoid.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file)
