import fc from "fast-check";

// What stands is judged by the same histories every time; `npm run prove` looks for new ones.
if (process.env.PROVE !== "1") fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_122 });
