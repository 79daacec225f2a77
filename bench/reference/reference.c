/*
 * The workloads in C, fused loops, each timing itself in CPU seconds:  reference WORKLOAD CALLS [d [n]]  prints seconds per call.
 *   cc -O3 -march=native -fopenmp-simd -o reference reference.c -lm
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static double *filled(size_t n, double scale) {
  static unsigned state = 1;
  double *a = malloc(n * sizeof(double));
  for (size_t i = 0; i < n; i++) {
    state = state * 1664525u + 1013904223u;
    a[i] = scale * ((state >> 8) / 8388608.0 - 1);
  }
  return a;
}

static double dot(const double *restrict a, const double *restrict b, int d) {
  double s = 0;
#pragma omp simd reduction(+ : s)
  for (int k = 0; k < d; k++) s += a[k] * b[k];
  return s;
}

static void axpy(double *restrict out, const double *restrict a, double f, int d) {
#pragma omp simd
  for (int k = 0; k < d; k++) out[k] += f * a[k];
}

static double quadratic(int d, const double *Q, const double *P, const double *c, const double *x, const double *y,
                        const double *v, double *gx, double *gy, double *hv) {
  double s = 0;
  for (int i = 0; i < d; i++) {
    const double q = dot(Q + (size_t)i * d, y, d);
    hv[i] = dot(Q + (size_t)i * d, v, d);
    gy[i] = q + c[i];
    s += 0.5 * y[i] * q + c[i] * y[i];
  }
  for (int i = 0; i < d; i++) {
    gx[i] = dot(P + (size_t)i * d, y, d);
    axpy(gy, P + (size_t)i * d, x[i], d);
    s += x[i] * gx[i];
  }
  return s;
}

static double sigmoid(double z) { return z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z)); }

static double logistic(int n, int d, const double *A, double x, const double *y, double *gx, double *gy) {
  const double lambda = exp(x);
  double norm = dot(y, y, d), loss = 0;
  for (int k = 0; k < d; k++) gy[k] = 2 * lambda * y[k];
  for (int i = 0; i < n; i++) {
    const double z = -dot(A + (size_t)i * d, y, d);
    loss += fmax(z, 0) + log1p(exp(-fabs(z)));
    axpy(gy, A + (size_t)i * d, -sigmoid(z), d);
  }
  *gx = lambda * norm;
  return loss + lambda * norm;
}

static void product(int n, int d, const double *A, double x, const double *y, const double *v, double *out) {
  const double lambda = exp(x);
  for (int k = 0; k < d; k++) out[k] = 2 * lambda * v[k];
  for (int i = 0; i < n; i++) {
    const double *row = A + (size_t)i * d;
    double z = 0, u = 0;
#pragma omp simd reduction(+ : z, u)
    for (int k = 0; k < d; k++) {
      z += row[k] * y[k];
      u += row[k] * v[k];
    }
    const double s = sigmoid(-z);
    axpy(out, row, s * (1 - s) * u, d);
  }
}

static double chain(int n, const double *y, double *g) {
  double f = 0;
  memset(g, 0, n * sizeof(double));
  for (int i = 0; i + 1 < n; i++) {
    const double a = y[i], b = y[i + 1];
    const double r = b - sin(a), e = exp(-a * a), c = cos(b);
    f += r * r + e * c + 0.1 * a * a;
    g[i] += -2 * r * cos(a) - 2 * a * e * c + 0.2 * a;
    g[i + 1] += 2 * r - e * sin(b);
  }
  return f;
}

static double f2ba(double x, double y, long iterations, int K, double lambda, double alpha, double tau, double eta) {
  double z = y;
  for (long t = 0; t < iterations; t++) {
    for (int k = 0; k < K; k++) z -= alpha * (8 * z - 4 * x);
    for (int k = 0; k < K; k++) y -= tau * (8 * y - 12 * x + 4 + lambda * (8 * y - 4 * x));
    x -= eta * (14 * x - 12 * y - 30 + lambda * (2 * x - 4 * y - (2 * x - 4 * z)));
  }
  return x + y + z;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  const char *what = argv[1];
  const long calls = atol(argv[2]);
  const int d = argc > 3 ? atoi(argv[3]) : 1, n = argc > 4 ? atoi(argv[4]) : 1;
  volatile double sink = 0;
  double *x = filled(d, 1), *y = filled(d, 1), *v = filled(d, 1), *gx = filled(d, 1), *gy = filled(d, 1), *hv = filled(d, 1);
  double start;
  if (!strcmp(what, "f2ba")) {
    start = now();
    sink = f2ba(0, 0, calls, 10, 100, 0.1, 0.001, 0.001);
  } else if (!strcmp(what, "quadratic")) {
    double *Q = filled((size_t)d * d, 1), *P = filled((size_t)d * d, 1), *c = filled(d, 1);
    for (long k = 0; k < calls / 4 + 1; k++) sink += quadratic(d, Q, P, c, x, y, v, gx, gy, hv);
    start = now();
    for (long k = 0; k < calls; k++) sink += quadratic(d, Q, P, c, x, y, v, gx, gy, hv);
  } else if (!strcmp(what, "chain")) {
    start = now();
    for (long k = 0; k < calls; k++) sink += chain(d, y, gy);
  } else {
    double *A = filled((size_t)n * d, 0.1);
    start = now();
    for (long k = 0; k < calls; k++) {
      if (!strcmp(what, "product")) product(n, d, A, 0.1, y, v, gy);
      else sink += logistic(n, d, A, 0.1, y, gx, gy);
    }
  }
  printf("%.12g\n", (now() - start) / calls);
  return 0;
}
