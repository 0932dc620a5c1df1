import {expect} from 'chai'
import {rankingPlot} from '../../src/report/ranking-plot.js'

describe('rankingPlot', () => {
  const circles = (svg: string) =>
    [...svg.matchAll(/<circle cx="([\d.]+)".*?fill="(.*?)"/g)].map(([, x, fill]) => ({x: Number(x), fill}))

  it('stands powers of ten equally far apart', () => {
    const rows = [1, 0.1, 0.01].map((value) => ({name: `layer <${value}>`, value}))
    const svg = rankingPlot({kind: 'ranking', xLabel: 'nats', rows})
    const [a, b, c] = circles(svg).map(({x}) => x) as [number, number, number]
    expect(a).to.be.above(b)
    expect(a - b).to.be.closeTo(b - c, 0.2)
    expect(svg).to.include('layer &lt;0.1&gt;')
    expect(svg).not.to.match(/NaN|Infinity/)
  })

  it('draws what is 0 as rings, also where all is', () => {
    const rows = [
      {name: 'a', value: 0},
      {name: 'b', value: 0},
    ]
    const svg = rankingPlot({kind: 'ranking', xLabel: 'nats', rows})
    expect(circles(svg).map(({fill}) => fill)).to.deep.equal(['#ffffff', '#ffffff'])
    expect(svg).not.to.match(/NaN|Infinity/)
  })
})
