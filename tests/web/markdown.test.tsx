import { describe, expect, it } from "vitest";
import { firstParagraph, Markdown, markdownHtml, markdownText } from "../../web/parts/markdown.tsx";
import { hostileTexts } from "../hostile.ts";
import { render } from "./render.ts";

describe("staff's text in Markdown", () => {
  it("has paragraphs, lists, emphasis and links", () => {
    expect(
      markdownHtml(
        "One *two* **three**\n\n- a\n- b\n\n[four](https://example.org) [five](/funds/x) [six](mailto:a@b.c)",
      ),
    ).toBe(
      '<p>One <em>two</em> <strong>three</strong></p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<p><a href="https://example.org">four</a> <a href="/funds/x">five</a> <a href="mailto:a@b.c">six</a></p>',
    );
  });

  it("has headings one below the page's own, whatever was typed", () => {
    expect(markdownHtml("# One\n\n#### Two\n\nThree\n===")).toBe("<h2>One</h2>\n<h2>Two</h2>\n<h2>Three</h2>");
  });

  it("is one line without marks where no page is", () => {
    expect(markdownText("# A\n\n**B** & [C](https://example.org) < d")).toBe("A B & C < d");
    expect(firstParagraph("One **two**\r\n\r\nthree")).toBe("One two");
  });

  it.each(hostileTexts)("shows %j as nothing but text and safe links", async (hostile) => {
    const document = await render(<Markdown text={`Before\n\n${hostile}`} />);
    const elements = [...document.querySelectorAll(".prose *")];
    const allowed = ["P", "EM", "STRONG", "A", "UL", "OL", "LI", "H2", "BLOCKQUOTE", "CODE", "PRE", "BR", "HR"];
    expect(elements.map(({ tagName }) => tagName).filter((tag) => !allowed.includes(tag))).toEqual([]);
    for (const element of elements) {
      const names = element.getAttributeNames();
      expect(names.filter((name) => !["href", "title"].includes(name))).toEqual([]);
      expect(element.getAttribute("href") ?? "#").toMatch(/^(?:https?:|mailto:|\/|#)/u);
    }
  });
});
