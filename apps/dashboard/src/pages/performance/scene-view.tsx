/** A drawing on the page: SVG at the width that there is, with PNG and CSV of it. */
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { ExportButtons } from '../../ui/export-buttons.tsx';
import { FONT_SIZE, type Scene, type Shape } from './scene.ts';
import { Explain } from './explain.tsx';
import { saveScene } from './scene-png.ts';

interface SceneViewProps {
  /** What it shows, in words, for those who do not see it. */
  readonly label: string;
  readonly draw: (width: number) => Scene;
  readonly exportName: string;
  readonly onCsv: () => void;
  /** Beside the buttons. */
  readonly children?: ReactNode;
}

export function SceneView({ label, draw, exportName, onCsv, children }: SceneViewProps) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const hatch = useId();
  useEffect(() => {
    const parent = box.current;
    if (parent === null) return undefined;
    const watcher = new ResizeObserver(() => setWidth(parent.clientWidth));
    watcher.observe(parent);
    return () => watcher.disconnect();
  }, []);
  const scene = width === 0 ? undefined : draw(width);
  return (
    <figure className="scene">
      <div ref={box} className="scene-box">
        {scene !== undefined && (
          <>
            <svg width={scene.width} height={scene.height} role="img" aria-label={label} fontSize={FONT_SIZE}>
              <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect className="hatch-ground" width="6" height="6" />
                <line className="hatch-line" x1="0" y1="0" x2="0" y2="6" />
              </pattern>
              {scene.shapes.map((shape, index) => (
                // oxlint-disable-next-line react/no-array-index-key -- shapes have no other name, and keep their places
                <ShapeView key={index} shape={shape} hatch={hatch} />
              ))}
            </svg>
            {scene.shapes.map((shape) =>
              shape.kind === 'text' && shape.about !== undefined ? (
                <div key={shape.text} className="scene-explained" style={{ left: shape.x, top: shape.y - 11 }}>
                  <Explain text={shape.about}>{shape.text}</Explain>
                </div>
              ) : null,
            )}
          </>
        )}
      </div>
      <figcaption className="scene-foot">
        <span className="scene-note">{children}</span>
        <ExportButtons
          name={exportName}
          onPng={() => {
            if (scene !== undefined) saveScene(exportName, scene);
          }}
          onCsv={onCsv}
        />
      </figcaption>
    </figure>
  );
}

function ShapeView({ shape, hatch }: { readonly shape: Shape; readonly hatch: string }) {
  switch (shape.kind) {
    case 'rect':
      return (
        <>
          <rect
            className={`ink-${shape.ink}`}
            x={shape.x}
            y={shape.y}
            width={shape.width}
            height={shape.height}
            rx={2}
          />
          {shape.isHatched === true && (
            <rect fill={`url(#${hatch})`} x={shape.x} y={shape.y} width={shape.width} height={shape.height} rx={2} />
          )}
        </>
      );
    case 'line':
      return (
        <line
          className={`stroke-${shape.ink}`}
          x1={shape.x1}
          y1={shape.y1}
          x2={shape.x2}
          y2={shape.y2}
          strokeWidth={shape.thickness ?? 1}
          {...(shape.isDashed === true ? { strokeDasharray: '3 3' } : {})}
        />
      );
    case 'dot':
      return <circle className={`ink-${shape.ink}`} cx={shape.x} cy={shape.y} r={shape.radius} />;
    case 'text':
    default:
      // What is explained stands over it as a button.
      return shape.about === undefined ? (
        <text
          className={`ink-${shape.ink} scene-text`}
          x={shape.x}
          y={shape.y}
          textAnchor={shape.anchor}
          dominantBaseline="central"
          fontWeight={shape.isBold === true ? 600 : 400}
        >
          {shape.text}
        </text>
      ) : null;
  }
}
