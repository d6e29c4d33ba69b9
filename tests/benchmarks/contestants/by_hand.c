/* The networks of documents 000 and 002 and of the two moons, as people write them in C. */

#include <math.h>
#include <stddef.h>

static double squash(double net)
{
    return 1.0 / (1.0 + exp(-net));
}

/* Document 000: so many updates of w1 … w8; gives the error before the last of them. */
double two_two_two(double *w, ptrdiff_t updates)
{
    const double i1 = 0.05, i2 = 0.10, t1 = 0.01, t2 = 0.99, b1 = 0.35, b2 = 0.60, rate = 0.5;
    double w1 = w[0], w2 = w[1], w3 = w[2], w4 = w[3], w5 = w[4], w6 = w[5], w7 = w[6], w8 = w[7];
    double o1 = 0.0, o2 = 0.0;
    for (ptrdiff_t k = 0; k < updates; k++) {
        double h1 = squash(w1 * i1 + w2 * i2 + b1), h2 = squash(w3 * i1 + w4 * i2 + b1);
        o1 = squash(w5 * h1 + w6 * h2 + b2);
        o2 = squash(w7 * h1 + w8 * h2 + b2);
        double d1 = rate * (o1 - t1) * o1 * (1.0 - o1), d2 = rate * (o2 - t2) * o2 * (1.0 - o2);
        double e1 = (d1 * w5 + d2 * w7) * h1 * (1.0 - h1);
        double e2 = (d1 * w6 + d2 * w8) * h2 * (1.0 - h2);
        w1 -= e1 * i1;
        w2 -= e1 * i2;
        w3 -= e2 * i1;
        w4 -= e2 * i2;
        w5 -= d1 * h1;
        w6 -= d1 * h2;
        w7 -= d2 * h1;
        w8 -= d2 * h2;
    }
    w[0] = w1, w[1] = w2, w[2] = w3, w[3] = w4, w[4] = w5, w[5] = w6, w[6] = w7, w[7] = w8;
    return 0.5 * (t1 - o1) * (t1 - o1) + 0.5 * (t2 - o2) * (t2 - o2);
}

enum { INPUTS = 2, UNITS = 16, PARAMETERS = UNITS * (INPUTS + 1) + UNITS * (UNITS + 1) + UNITS + 1 };

/* Two moons: mean hinge loss with the penalty, and its gradients. A row is weights, then bias.
   A sample beyond the margin and a unit that is off have zeros to propagate; they may be skipped. */
static inline double moons_loss(const double *parameters, const double *points, const double *classes,
                         ptrdiff_t samples, double strength, int skipping, double *gradients)
{
    const double(*w1)[INPUTS + 1] = (const double(*)[INPUTS + 1])parameters;
    const double(*w2)[UNITS + 1] = (const double(*)[UNITS + 1])(parameters + UNITS * (INPUTS + 1));
    const double *w3 = (const double *)(w2 + UNITS);
    double(*g1)[INPUTS + 1] = (double(*)[INPUTS + 1])gradients;
    double(*g2)[UNITS + 1] = (double(*)[UNITS + 1])(gradients + UNITS * (INPUTS + 1));
    double *g3 = (double *)(g2 + UNITS);
    double loss = 0.0;

    for (ptrdiff_t p = 0; p < PARAMETERS; p++)
        gradients[p] = 0.0;
    for (ptrdiff_t s = 0; s < samples; s++) {
        const double x = points[2 * s], y = points[2 * s + 1], t = classes[s];
        double h1[UNITS], h2[UNITS], d1[UNITS] = {0.0};
        double score = w3[UNITS];
        for (int i = 0; i < UNITS; i++) {
            double net = w1[i][0] * x + w1[i][1] * y + w1[i][2];
            h1[i] = net > 0.0 ? net : 0.0;
        }
        for (int i = 0; i < UNITS; i++) {
            double net = w2[i][UNITS];
            for (int j = 0; j < UNITS; j++)
                net += w2[i][j] * h1[j];
            h2[i] = net > 0.0 ? net : 0.0;
            score += w3[i] * h2[i];
        }
        const double margin = 1.0 - t * score;
        if (skipping && margin <= 0.0)
            continue;
        const double d3 = margin > 0.0 ? -t : 0.0;
        loss += margin > 0.0 ? margin : 0.0;
        for (int i = 0; i < UNITS; i++) {
            g3[i] += d3 * h2[i];
            if (skipping && h2[i] <= 0.0)
                continue;
            const double d2 = h2[i] > 0.0 ? d3 * w3[i] : 0.0;
            for (int j = 0; j < UNITS; j++) {
                g2[i][j] += d2 * h1[j];
                d1[j] += d2 * w2[i][j];
            }
            g2[i][UNITS] += d2;
        }
        g3[UNITS] += d3;
        for (int j = 0; j < UNITS; j++) {
            const double slope = h1[j] > 0.0 ? d1[j] : 0.0;
            g1[j][0] += slope * x;
            g1[j][1] += slope * y;
            g1[j][2] += slope;
        }
    }
    loss /= (double)samples;
    for (ptrdiff_t p = 0; p < PARAMETERS; p++) {
        gradients[p] = gradients[p] / (double)samples + 2.0 * strength * parameters[p];
        loss += strength * parameters[p] * parameters[p];
    }
    return loss;
}

/* So many updates; gives the loss before the last of them. */
double two_moons(double *parameters, const double *points, const double *classes,
                 ptrdiff_t samples, double strength, double rate, ptrdiff_t updates, int skipping)
{
    double gradients[PARAMETERS], loss = 0.0;
    for (ptrdiff_t k = 0; k < updates; k++) {
        loss = skipping ? moons_loss(parameters, points, classes, samples, strength, 1, gradients)
                        : moons_loss(parameters, points, classes, samples, strength, 0, gradients);
        for (ptrdiff_t p = 0; p < PARAMETERS; p++)
            parameters[p] -= rate * gradients[p];
    }
    return loss;
}
