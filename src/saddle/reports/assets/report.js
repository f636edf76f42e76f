"use strict";
(() => {
  const number = (v, digits = 4) => v == null ? "–" : String(+v.toPrecision(digits)).replace("-", "−");

  const palette = () => {
    const style = getComputedStyle(document.documentElement);
    const read = (name) => style.getPropertyValue(name).trim();
    return {
      series: ["data", "made", "third", "fourth", "fifth", "sixth", "seventh", "eighth"].map((name) => read("--" + name)),
      line: read("--line"), soft: read("--soft"),
    };
  };

  const positive = (values) => values.map((v) => v != null && v > 0 ? v : null);

  const columns = (spec, log) => {
    const keep = log ? positive : (values) => values;
    const data = [spec.rounds, ...spec.series.map((s) => keep(s.values))];
    // A band that reaches zero goes down to the lowest line, as no logarithm does to zero.
    const least = Math.min(...spec.series.flatMap((s) => s.values.filter((v) => v != null && v > 0)));
    const raised = (values) => values.map((v) => v == null ? null : Math.max(v, least));
    for (const band of spec.bands) data.push(keep(band.high), log ? raised(band.low) : band.low);
    if (spec.reference) data.push(keep(spec.rounds.map(() => spec.reference.value)));
    return data;
  };

  const options = (spec, log, width) => {
    const { series: colors, line, soft } = palette();
    const shown = (u, v) => number(v);
    const series = [{ label: spec.x || "round", value: (u, v) => v == null ? "–" : v.toLocaleString("en") }];
    for (const s of spec.series) {
      const band = spec.bands.find((one) => one.label === s.label);
      const error = (i) => band && band.high[i] != null ? " ± " + number((band.high[i] - band.low[i]) / 2, 2) : "";
      series.push({
        label: s.label, value: (u, v, at, i) => number(v) + (i == null ? "" : error(i)), class: s.faint ? "quiet" : "drawn", spanGaps: true, points: { show: spec.rounds.length < 30 },
        stroke: colors[s.color % colors.length] + (s.faint ? "55" : ""), width: s.faint ? 1 : 2,
      });
    }
    const bands = [];
    for (const band of spec.bands) {
      const at = series.length;
      const edge = { class: "quiet", stroke: "transparent", spanGaps: true, points: { show: false }, value: shown };
      series.push({ ...edge, label: "one error above" }, { ...edge, label: "one error below" });
      bands.push({ series: [at, at + 1], fill: colors[band.color % colors.length] + "33" });
    }
    if (spec.reference) {
      series.push({ label: spec.reference.label, stroke: soft, width: 1.5, dash: [6, 5], points: { show: false }, value: shown });
    }
    const axis = { stroke: soft, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: "12px system-ui" };
    return {
      width, height: 260, series, bands,
      scales: { x: { time: false }, y: log ? { distr: 3 } : {} },
      axes: [
        { ...axis, values: (u, ticks) => ticks.map((v) => v.toLocaleString("en")) },
        { ...axis, size: 64, values: (u, ticks) => ticks.map((v) => v == null ? "" : number(v)) },
      ],
      cursor: { points: { size: 7 } },
    };
  };

  const charts = [...document.querySelectorAll(".chart")].map((element) => {
    const place = element.querySelector(".plotted");
    const spec = JSON.parse(element.querySelector("script").textContent);
    let log = Boolean(spec.logged), plot = null;
    const draw = () => {
      if (plot) plot.destroy();
      plot = new uPlot(options(spec, log, place.clientWidth), columns(spec, log), place);
    };
    if (spec.log && spec.series.some((s) => s.values.some((v) => v > 0))) {
      const button = document.createElement("button");
      const name = () => { button.textContent = log ? "linear scale" : "log scale"; };
      button.type = "button";
      button.addEventListener("click", () => { log = !log; name(); draw(); });
      name();
      element.prepend(button);
    }
    draw();
    new ResizeObserver(() => {
      if (Math.abs(place.clientWidth - plot.width) > 1) plot.setSize({ width: place.clientWidth, height: 260 });
    }).observe(place);
    return draw;
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach((draw) => draw()));

  for (const element of document.querySelectorAll(".frames")) {
    const frames = [...element.querySelectorAll(".frame")];
    const slider = element.querySelector("input"), output = element.querySelector("output");
    const button = element.querySelector("button");
    let timer = null;
    const show = () => {
      frames.forEach((frame, i) => { frame.hidden = i !== +slider.value; });
      output.textContent = frames[+slider.value].dataset.round;
    };
    const stop = () => { clearInterval(timer); timer = null; button.textContent = "▶"; };
    slider.addEventListener("input", () => { stop(); show(); });
    button.addEventListener("click", () => {
      if (timer) return stop();
      if (+slider.value === frames.length - 1) slider.value = 0;
      show();
      button.textContent = "❚❚";
      timer = setInterval(() => {
        if (+slider.value === frames.length - 1) return stop();
        slider.value = +slider.value + 1;
        show();
      }, 350);
    });
  }
})();
