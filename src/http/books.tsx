import { Hono, type Context } from "hono";
import { fundStatements, type Statement, sumOf, trialBalances } from "../core/book.ts";
import { csvAmount, csvText } from "../core/csv.ts";
import { may, organisationsOf } from "../core/role.ts";
import { proofState } from "../core/proof.ts";
import {
  type BookFund,
  listBookPlaces,
  readFundBalances,
  readFundSums,
  readProofs,
  readStripeLines,
  readTrialBalance,
  readWaiting,
} from "../db/book.ts";
import { listOrganisations } from "../db/account.ts";
import { askForSweepOf, listSweepStates } from "../db/sweep.ts";
import { bookWords } from "../../web/locales/en/books.ts";
import { BooksPage } from "../../web/pages/books.tsx";
import { FundStatementPage } from "../../web/pages/fund-statement.tsx";
import { TrialBalancePage } from "../../web/pages/trial-balance.tsx";
import { csvFile, once } from "./book-csv.ts";
import {
  asJson,
  askedPeriod,
  findBookDesk,
  openBookDesk,
  partOf,
  plainPeriod,
  readBookClock,
  readBookFunds,
} from "./book-desk.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";

/** `/desk/books`: the proofs, funds' statements and the trial balance, as pages, CSV and JSON. */
export function bookRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const { sql, now } = deps;
  const app = new Hono<Env>();
  app.use("/desk/books/*", neverKept, guard(deps, "see desk"));

  const readProof = async (organisationId: bigint) => {
    const [rows, lines] = await Promise.all([readProofs(sql, organisationId), readStripeLines(sql, organisationId)]);
    return proofState(rows, lines, now());
  };

  app.get("/desk/books", async (c) => {
    const [desk, funds, frame] = await Promise.all([findBookDesk(c, deps), readBookFunds(c, deps), frames.read(c)]);
    if (desk === null) {
      // Somebody of single funds sees their statements, and no organisation's books.
      const own = funds.map(({ slug, name, restriction }) => ({ slug, name, isRestricted: restriction !== "" }));
      return await c.html(
        <BooksPage frame={frame} places={[]} here={null} proof={null} own={own} funds={[]} waiting={[]} sweep={null} />,
      );
    }
    const { places, here } = desk;
    const [proof, balances, waiting, states] = await Promise.all([
      readProof(here.id),
      readFundBalances(sql, here.id),
      readWaiting(sql, here.id),
      listSweepStates(sql, here.id),
    ]);
    const mayAsk = may(c.get("staff"), "keep money", { organisationId: here.id });
    const sweep = { states, mayAsk, isAsked: c.req.query("done") === "asked" };
    return await c.html(<BooksPage {...{ frame, places, here, proof, sweep, waiting }} own={[]} funds={balances} />);
  });

  app.post("/desk/books/compare", guard(deps, "keep money"), async (c) => {
    const { organisation } = await readFields(c);
    const kept = await listBookPlaces(sql, organisationsOf(c.get("staff"), "keep money"));
    const here = kept.find(({ slug }) => slug === organisation);
    if (here === undefined) throw new Refused("not found");
    await askForSweepOf(sql, here.id);
    deps.onSweepAsked?.();
    return c.redirect(`/desk/books?organisation=${here.slug}&done=asked#compared`, 303);
  });

  app.get("/desk/books/proofs.json", async (c) => {
    const { here } = await openBookDesk(c, deps);
    return c.json(asJson({ asOf: now(), organisation: here.slug, ...(await readProof(here.id)) }));
  });

  const readTrial = async (c: Context<Env>, period: { from: string | null; to: string | null }) => {
    const [desk, funds] = await Promise.all([openBookDesk(c, deps), readBookFunds(c, deps)]);
    const fund = c.req.query("fund")?.trim() || null;
    const sums = await readTrialBalance(sql, desk.here.id, partOf(fund, funds), period);
    return { ...desk, fund, funds, balances: trialBalances(sums) };
  };

  app.get("/desk/books/trial-balance", async (c) => {
    const asked = askedPeriod(c);
    const [frame, trial] = await Promise.all([frames.read(c), readTrial(c, asked.period)]);
    const clock = await readBookClock(deps, trial.here.id);
    c.status(asked.refusal === null ? 200 : 400);
    return await c.html(<TrialBalancePage frame={frame} asked={asked} {...trial} {...clock} />);
  });

  app.get("/desk/books/trial-balance.csv", async (c) => {
    const { here, balances } = await readTrial(c, plainPeriod(c));
    const { code, name, currency, before, moved, debit, credit } = bookWords.csv;
    const rows = balances.flatMap(({ currency, lines }) =>
      lines.map((line) => ({
        code: line.code,
        name: csvText(line.name),
        currency,
        before: csvAmount({ amountMinor: line.beforeMinor, currency }),
        moved: csvAmount({ amountMinor: line.movedMinor, currency }),
        debit: csvAmount({ amountMinor: line.debitMinor, currency }),
        credit: csvAmount({ amountMinor: line.creditMinor, currency }),
      })),
    );
    const heads = { code, name, currency, before, moved, debit, credit };
    return csvFile(c, `trial-balance-${here.slug}`, heads, once(rows));
  });

  app.get("/desk/books/trial-balance.json", async (c) => {
    const period = plainPeriod(c);
    const { here, fund, balances } = await readTrial(c, period);
    return c.json(asJson({ asOf: now(), organisation: here.slug, fund, ...period, balances }));
  });

  const readStatement = async (
    c: Context<Env>,
    period: { from: string | null; to: string | null },
  ): Promise<{ fund: BookFund; statements: Statement[] }> => {
    const fund = (await readBookFunds(c, deps)).find(({ slug }) => slug === c.req.param("slug"));
    if (fund === undefined) throw new Refused("not found");
    return { fund, statements: fundStatements(await readFundSums(sql, fund.id, period)) };
  };

  app.get("/desk/books/funds/:slug", async (c) => {
    const asked = askedPeriod(c);
    const [frame, statement, organisations, open] = await Promise.all([
      frames.read(c),
      readStatement(c, asked.period),
      listOrganisations(sql),
      listBookPlaces(sql, organisationsOf(c.get("staff"), "see desk")),
    ]);
    const clock = await readBookClock(deps, open[0]?.id ?? null);
    c.status(asked.refusal === null ? 200 : 400);
    return await c.html(
      <FundStatementPage
        frame={frame}
        names={Object.fromEntries(organisations.map(({ slug, name }) => [slug, name]))}
        open={open.map(({ slug }) => slug)}
        asked={asked}
        {...statement}
        {...clock}
      />,
    );
  });

  app.get("/desk/books/funds/:slug/statement.csv", async (c) => {
    const { fund, statements } = await readStatement(c, plainPeriod(c));
    const { line, organisation, currency, amount } = bookWords.csv;
    const rows = statements.flatMap((statement) => statementRows(statement));
    return csvFile(c, `statement-${fund.slug}`, { line, organisation, currency, amount }, once(rows));
  });

  app.get("/desk/books/funds/:slug/statement.json", async (c) => {
    const period = plainPeriod(c);
    const { fund, statements } = await readStatement(c, period);
    return c.json(asJson({ asOf: now(), fund: fund.slug, name: fund.name, ...period, statements }));
  });

  return app;
}

/** A statement as rows: each line of each organisation, and of all together where there are several. */
function statementRows({ currency, organisations, opening, lines, closing }: Statement) {
  const { statement } = bookWords;
  const named: [string, bigint[]][] = [
    [statement.opening, opening],
    ...lines.map(({ line, amounts }): [string, bigint[]] => [statement.lines[line], amounts]),
    [statement.closing, closing],
  ];
  return named.flatMap(([line, amounts]) => {
    const each = organisations.map((organisation, index) => ({ organisation, amountMinor: amounts[index] ?? 0n }));
    const all = organisations.length > 1 ? [{ organisation: statement.sum, amountMinor: sumOf(amounts) }] : [];
    return [...each, ...all].map(({ organisation, amountMinor }) => ({
      line,
      organisation: csvText(organisation),
      currency,
      amount: csvAmount({ amountMinor, currency }),
    }));
  });
}
