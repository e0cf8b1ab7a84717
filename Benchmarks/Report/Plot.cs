using System.Globalization;
using System.Text;

namespace Benchmarks.Report;

/// <summary>Panels as one SVG, two beside each other. Its colours follow the reader's scheme, light or dark.</summary>
internal static class Plot
{
    private const int Columns = 2;
    private const int Width = 460;
    private const int Height = 330;

    private const string Style =
        """
        <style>
          text { font: 12px system-ui, sans-serif; fill: #1f2328 }
          .title { font-weight: 600; font-size: 13.5px }
          .small { font-size: 11px; fill: #59636e }
          .axis { stroke: #59636e; fill: none }
          .grid { stroke: #d1d9e0 }
          .goal { stroke: #bc4c00; stroke-dasharray: 5 4; fill: none }
          text.goal { stroke: none; fill: #bc4c00; font-size: 11px }
          .s0 { stroke: #0969da; fill: #0969da } .s1 { stroke: #1a7f37; fill: #1a7f37 } .s2 { stroke: #8250df; fill: #8250df }
          polyline { fill: none !important; stroke-width: 2 }
          @media (prefers-color-scheme: dark) {
            text { fill: #f0f6fc } .small { fill: #9198a1 } .axis { stroke: #9198a1 } .grid { stroke: #3d444d }
            .goal { stroke: #f0883e } text.goal { fill: #f0883e }
            .s0 { stroke: #4493f8; fill: #4493f8 } .s1 { stroke: #3fb950; fill: #3fb950 } .s2 { stroke: #ab7df8; fill: #ab7df8 }
          }
        </style>
        """;

    public static string Draw(IReadOnlyList<Panel> panels)
    {
        var (svg, column, y) = (new StringBuilder(), 0, 0);
        foreach (var panel in panels)
        {
            // Many names take a row of their own.
            var isWide = panel.Names?.Count > 6;
            if (isWide && column > 0)
                (column, y) = (0, y + Height);
            svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({column * Width} {y})\">\n");
            new PanelDrawing(panel, isWide ? Columns * Width : Width, isWide ? 90 + (panel.Names!.Count * 20) : Height, svg).Draw();
            svg.Append("</g>\n");
            column = isWide ? 0 : (column + 1) % Columns;
            y += isWide ? 90 + (panel.Names!.Count * 20) : column == 0 ? Height : 0;
        }

        y += column > 0 ? Height : 0;
        svg.Insert(0, $"{Start(y)}\n{Style}\n");
        return svg.Append("</svg>\n").ToString();
    }

    private static string Start(int height) =>
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Columns * Width} {height}\" role=\"img\" aria-label=\"The engine's figures\">";
}
